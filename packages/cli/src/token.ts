// Apart, because it brings in the whole of the configuration.
export { readSecret } from "@sage/config";
