// The pipeline that the service runs: counts the words of a text. It has no side effects, so the service can build it.

import { pipeline } from "@sage/pipeline";

export default pipeline("word-count", (env, params) => {
  env.fromIterable(String(params["text"] ?? "").split("\n"), { name: "lines" })
    .flatMap((line) => line.toLowerCase().match(/\p{L}+/gu) ?? [], { name: "words" })
    .keyBy((word) => word)
    .aggregate({ init: () => 0, add: (sum: number) => sum + 1, result: (count, word) => ({ word: String(word), count }) }, { emit: "end", name: "count" })
    .collect({ name: "counts" });
});
