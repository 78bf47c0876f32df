#!/usr/bin/env node
import { main } from "../dist/sage.mjs";

await main();
