// The command line of Sage, for the `sage` binary.
export { main } from "./main.ts";
