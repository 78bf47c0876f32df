import { expect, test } from "vitest";
import { parseClientMessage } from "./client-message.ts";

test.each([
  [{ type: "ack", id: 3 }],
  [{ type: "unsubscribe", id: 0 }],
  [{ type: "subscribe", id: 1, topic: "jobs" }],
  [{ type: "subscribe", id: 1, topic: "job", jobId: "x" }],
  [{ type: "subscribe", id: 1, topic: "logs", jobId: "x", tail: 5, afterSeq: 9, operator: "Map", level: "warn" }],
])("%j is understood", (message) => {
  expect(parseClientMessage(JSON.stringify(message))).toEqual(message);
});

test("what is not asked for is left behind", () => {
  expect(parseClientMessage('{"type":"subscribe","id":1,"topic":"jobs","jobId":"x","__proto__":{"a":1}}')).toEqual({ type: "subscribe", id: 1, topic: "jobs" });
});

test.each([
  ["", "JSON object"], ["[]", "JSON object"], ["null", "JSON object"], ["{}", "id is"], ['{"id":-1,"type":"ack"}', "id is"], ['{"id":1}', "type is"],
  ['{"id":1,"type":"subscribe","topic":"secrets"}', "topic is"], ['{"id":1,"type":"subscribe","topic":"job"}', "jobId is"],
  ['{"id":1,"type":"subscribe","topic":"logs","jobId":"x","tail":-5}', "tail is"], ['{"id":1,"type":"subscribe","topic":"logs","jobId":"x","level":"loud"}', "level is"],
  ['{"id":1,"type":"subscribe","topic":"logs","jobId":"x","operator":7}', "operator is"],
])("%s is refused with the reason", (text, reason) => {
  expect(() => parseClientMessage(text)).toThrow(reason);
});
