// The smallest program that does something.
import { environment } from "@sage/pipeline";

const env = environment("five");
env.fromIterable([1, 2, 3, 4, 5]).map((value) => value * 2).print();
await env.submit({ autostop: true });
await env.close();
