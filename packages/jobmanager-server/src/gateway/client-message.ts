// What a page sends over its websocket, checked. Pure.

import type { GatewayClientMessage } from "@sage/protocol/json";
import { BadRequestError } from "./errors.ts";

/** @throws BadRequestError naming what is wrong with it */
export function parseClientMessage(text: string): GatewayClientMessage {
  const message = objectOf(text);
  const id = message["id"];
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 0) throw new BadRequestError("id is a whole number, 0 or more");
  switch (message["type"]) {
    case "ack":
    case "unsubscribe":
      return { type: message["type"], id };
    case "subscribe":
      return { type: "subscribe", id, ...topicOf(message) };
    default:
      throw new BadRequestError("type is subscribe, unsubscribe or ack");
  }
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // the same for both
  }
  throw new BadRequestError("a message is a JSON object");
}

type Topic<M = GatewayClientMessage> = M extends { readonly type: "subscribe" } ? Omit<M, "type" | "id"> : never;

function topicOf(message: Readonly<Record<string, unknown>>): Topic {
  switch (message["topic"]) {
    case "jobs":
    case "server":
      return { topic: message["topic"] };
    case "job":
      return { topic: "job", jobId: textOf(message, "jobId") };
    case "logs":
      return { topic: "logs", jobId: textOf(message, "jobId"), ...logQueryOf((name) => message[name]) };
    default:
      throw new BadRequestError("topic is jobs, job, logs or server");
  }
}

export interface LogWishes {
  readonly afterSeq?: number;
  readonly tail?: number;
  readonly operator?: string;
  readonly level?: string;
}

const levels = ["debug", "info", "warn", "error"];

/** @param given - a wish as it came, of a message or of an address. */
export function logQueryOf(given: (name: string) => unknown): LogWishes {
  const [afterSeq, tail, operator, level] = [count(given, "afterSeq"), count(given, "tail"), given("operator"), given("level")];
  if (operator !== undefined && typeof operator !== "string") throw new BadRequestError("operator is a name");
  if (level !== undefined && !levels.includes(level as string)) throw new BadRequestError(`level is one of ${levels.join(", ")}`);
  return {
    ...(afterSeq === undefined ? {} : { afterSeq }),
    ...(tail === undefined ? {} : { tail: Math.min(tail, 100_000) }),
    ...(operator === undefined ? {} : { operator }),
    ...(level === undefined ? {} : { level: level as string }),
  };
}

function count(given: (name: string) => unknown, name: string): number | undefined {
  const value = given(name);
  if (value === undefined) return undefined;
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 0) throw new BadRequestError(`${name} is a whole number, 0 or more`);
  return number;
}

function textOf(message: Readonly<Record<string, unknown>>, name: string): string {
  const value = message[name];
  if (typeof value !== "string") throw new BadRequestError(`${name} is a text`);
  return value;
}
