import { isSageError } from "@sage/core";
import { expect, test } from "vitest";
import { pyCall, PyObject, PyGlobal, PyTuple } from "../pickle/python-values.ts";
import { RayActorDiedError, RayActorNameTakenError, RayActorNotFoundError, RayActorUnavailableError, RayError, RayObjectLostError, RayRequestError, RayTaskCancelledError, RayTaskError, toRayError, toRayErrorFromBase64 } from "./ray-errors.ts";
import { writePickle } from "../pickle/pickle-writer.ts";

const ofRay = (name: string, ...args: unknown[]) => pyCall("ray.exceptions", name, ...args);
const ofPython = (name: string, ...args: unknown[]) => pyCall("builtins", name, ...args);

test.each([
  ["ActorDiedError", RayActorDiedError], ["RayActorError", RayActorDiedError], ["ActorUnavailableError", RayActorUnavailableError], ["ObjectLostError", RayObjectLostError],
  ["ObjectReconstructionFailedError", RayObjectLostError], ["OwnerDiedError", RayObjectLostError], ["TaskCancelledError", RayTaskCancelledError], ["ActorAlreadyExistsError", RayActorNameTakenError],
  ["SomethingOfTheFuture", RayError],
])("Ray's %s has its type here", (name, kind) => {
  const error = toRayError(ofRay(name, "what happened"));
  expect(error).toBeInstanceOf(kind);
  expect(error).toMatchObject({ pythonType: name, message: `${name}: what happened` });
  expect(isSageError(error)).toBe(true);
});

test.each([
  ["ValueError: Failed to look up actor with name 'x'. This could…", ofPython("ValueError", "Failed to look up actor with name 'x'."), RayActorNotFoundError],
  ["a name that is taken, up to 2.52", ofPython("ValueError", "The name a (namespace=b) is already taken. Please use a different name"), RayActorNameTakenError],
  ["anything else", ofPython("TypeError", "missing a required argument: 'x'"), RayRequestError],
])("Python's own errors are told apart by what they say: %s", (_name, value, kind) => {
  expect(toRayError(value)).toBeInstanceOf(kind);
});

test.each([
  ["Traceback (most recent call last):\n  File \"x\", line 1, in f\nValueError: boom", "ValueError", "boom"],
  ["\u001b[36mray::f()\u001b[39m (pid=1)\n  File \"x\", line 1, in f\nmodule.CustomError: a\nb: c", "CustomError", "a\nb: c"],
  ["Traceback (most recent call last):\n  File \"x\"\nKeyError: 'k'\n\nThe above exception was the direct cause…:\n\nTraceback (most recent call last):\n  File \"y\"\nRuntimeError", "RuntimeError", ""],
  ["no traceback at all", "", "no traceback at all"],
])("the class and the message of what was thrown are read from the traceback", (traceback, pythonType, message) => {
  const error = toRayError(ofRay("RayTaskError", "f", traceback, ofPython("ValueError", "x"), "ray::f", 7, "10.0.0.1")) as RayTaskError;
  expect(error).toBeInstanceOf(RayTaskError);
  expect(error).toMatchObject({ pythonType: pythonType || "RayTaskError", remoteTraceback: traceback, functionName: "f", pid: 7, ip: "10.0.0.1" });
  expect(error.message.endsWith(`: ${message}`)).toBe(true);
});

test("text that is nested in an exception's arguments and state is found, ids are not", () => {
  const value = new PyObject(new PyGlobal("ray.exceptions", "ActorDiedError"), [new PyTuple([ofPython("X", "the constructor threw")]), "ab".repeat(20)]);
  value.state = new Map([["error_msg", "it is dead"]]);
  expect(toRayError(value).message).toBe("ActorDiedError: the constructor threw; it is dead");
});

test("what is no exception at all is an error all the same", () => {
  expect(toRayError(7)).toBeInstanceOf(RayError);
  expect(toRayErrorFromBase64(writePickle(ofPython("ValueError", "x")).toString("base64"))).toBeInstanceOf(RayRequestError);
  expect(toRayErrorFromBase64("connection reset")).toBeUndefined();
  expect(toRayErrorFromBase64("QUJDREVGRw==")).toBeUndefined();
});
