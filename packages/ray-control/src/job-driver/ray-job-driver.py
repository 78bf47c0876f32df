"""A Ray Job that does for a program elsewhere what only a driver inside the cluster can do: make actors, call them, end them.

It travels as text beside settings.json; see connect.ts.

Rules:
  J1. It dials the program, shows that it knows the secret, and obeys nobody who has not shown the same.
  J2. It ends with its stream. What is to outlive it is detached, and found again by name.
  J3. Ray's documented interface only, of all versions since 2.9: no Ray Client, no private module.
"""

import concurrent.futures
import hashlib
import hmac
import itertools
import json
import os
import platform
import queue
import re
import secrets
import socket
import sys
import threading

BEAT_SECONDS = 3


def main():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "settings.json")) as file:
        settings = json.load(file)
    stream = Stream(settings)
    stream.prove(settings)
    threading.Thread(target=stream.beat, daemon=True, name="beat").start()
    try:
        driver = Driver(stream, settings)
    except BaseException as error:
        stream.send({"failed": facts_of(error)})
        stream.finish()
        raise
    for command in stream.frames:
        if command["do"] == "end":
            return driver.end()
        driver.obey(command)


class Stream:
    """Frames of JSON to and from the program, over one gRPC call that this side opens. A frame is a message whose field 1 is a string."""

    def __init__(self, settings):
        import grpc
        from google.protobuf.wrappers_pb2 import StringValue

        options = [("grpc.enable_http_proxy", 0), ("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.keepalive_time_ms", 20_000), ("grpc.keepalive_timeout_ms", 20_000)]
        target, tls = settings["target"], settings.get("tls")
        if tls is not None:
            if tls.get("serverName"):
                options.append(("grpc.ssl_target_name_override", tls["serverName"]))
            channel = grpc.secure_channel(target, grpc.ssl_channel_credentials(tls["ca"].encode() if tls.get("ca") else None), options)
        else:
            channel = grpc.insecure_channel(target, options)
        try:
            grpc.channel_ready_future(channel).result(settings["dialSeconds"])
        except grpc.FutureTimeoutError:
            sys.exit(f"[dial] {socket.gethostname()} does not reach {target}")
        self._outgoing = queue.SimpleQueue()
        call = channel.stream_stream(settings["path"], lambda text: StringValue(value=text).SerializeToString(), lambda data: StringValue.FromString(data).value)
        self._call = call(iter(self._outgoing.get, None))
        self.frames = self._read(grpc.RpcError)

    def _read(self, broken):
        try:
            for text in self._call:
                yield json.loads(text)
        except broken as error:
            print(f"the stream has ended: {error.code()} {error.details()}", flush=True)

    def send(self, frame):
        self._outgoing.put(json.dumps(frame))

    def finish(self):
        """Waits until what was sent has gone."""
        self._outgoing.put(None)
        for _ in self.frames:
            pass

    def prove(self, settings):
        """J1"""
        key, nonce = bytes.fromhex(settings["secret"]), secrets.token_hex(16)
        proof = lambda text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        self.send({"hello": settings["id"], "nonce": nonce, "proof": proof(f"driver|{settings['id']}|{nonce}")})
        if not hmac.compare_digest(next(self.frames, {}).get("proof", ""), proof(f"program|{settings['id']}|{nonce}")):
            sys.exit("[proof] who answers does not know the secret")

    def beat(self):
        while True:
            threading.Event().wait(BEAT_SECONDS)
            self.send({"beat": True})


class Driver:
    def __init__(self, stream, settings):
        forget_own_package()
        import ray

        ray.init(address="auto", namespace=settings["namespace"], log_to_driver=False, logging_level="ERROR")
        self._ray = ray
        self._stream = stream
        self._classes = {}
        self._actors = {}
        self._numbers = itertools.count(1)
        self._pending = set()
        self._lock = threading.Lock()
        self._asking = concurrent.futures.ThreadPoolExecutor(8)
        stream.send({"ready": {"rayVersion": ray.__version__, "rayCommit": ray.__commit__, "pythonVersion": platform.python_version()}})

    def obey(self, command):
        """Actors and calls in the order in which they come; questions, which may wait for Ray, beside one another."""
        ordered, beside = getattr(self, f"_do_{command['do']}", None), getattr(self, f"_ask_{command['do']}", None)
        if ordered is not None:
            self._answer(command, ordered)
        elif beside is not None:
            self._asking.submit(self._answer, command, beside)
        else:
            self._stream.send({"id": command["id"], "error": facts_of(ValueError(f"unknown command {command['do']}"))})

    def _answer(self, command, work):
        try:
            value = work(command)
            if isinstance(value, self._ray.ObjectRef):
                self._answer_later(command, value)
            elif command.get("id") is not None:
                self._stream.send({"id": command["id"], "value": value})
        except Exception as error:
            self._stream.send({"id": command.get("id"), "error": facts_of(error)})

    def _answer_later(self, command, ref):
        future = ref.future()
        with self._lock:
            self._pending.add(future)  # nobody else holds the reference

        def done(_):
            with self._lock:
                self._pending.discard(future)
            self._answer(command, lambda _: future.result())

        future.add_done_callback(done)

    def end(self):
        """What is not detached is gone when this returns."""
        self._ray.shutdown()
        self._stream.finish()

    # Actors.

    def _do_actor(self, command):
        options = self._options(command["options"])
        made = self._class_of(command, options.pop("concurrency_groups", None)).options(**options).remote(*command["args"], **command["kwargs"])
        return self._hold(made)

    def _do_call(self, command):
        return getattr(self._actor(command), command["method"]).remote(*command["args"], **command["kwargs"])

    def _do_release(self, command):
        self._actors.pop(command["actor"], None)

    def _ask_named(self, command):
        return self._hold(self._ray.get_actor(command["name"], command.get("namespace")))

    def _ask_kill(self, command):
        self._ray.kill(self._actor(command), no_restart=command["noRestart"])

    def _ask_names(self, command):
        every = self._ray.util.list_named_actors(all_namespaces=command["allNamespaces"])
        return [each if isinstance(each, dict) else {"name": each, "namespace": ""} for each in every]

    # The cluster.

    def _ask_nodes(self, _):
        return self._ray.nodes()

    def _ask_total(self, _):
        return self._ray.cluster_resources()

    def _ask_free(self, _):
        return self._ray.available_resources()

    def _hold(self, actor):
        number = next(self._numbers)
        self._actors[number] = actor
        return number

    def _actor(self, command):
        return self._actors[command["actor"]]

    def _class_of(self, command, groups):
        """By source it is a module that nobody can import: so it travels to the actor by value."""
        source, name = command["source"], command["class"]
        key = hashlib.sha256(f"{name}\n{source}\n{json.dumps(groups)}".encode()).hexdigest()
        if key not in self._classes:
            module = {"__name__": f"sage_{key[:12]}"}
            exec(compile(source, f"<{module['__name__']}>", "exec"), module)
            self._classes[key] = self._ray.remote(concurrency_groups=groups)(module[name]) if groups else self._ray.remote(module[name])
        return self._classes[key]

    def _options(self, options):
        strategy = options.get("scheduling_strategy")
        if isinstance(strategy, dict):
            from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

            return {**options, "scheduling_strategy": NodeAffinitySchedulingStrategy(strategy["nodeId"], strategy["soft"])}
        return options


def forget_own_package():
    """Else every actor would be given the package of this job, and the secret in it."""
    name = "RAY_JOB_CONFIG_JSON_ENV_VAR"
    config = json.loads(os.environ.get(name, "{}"))
    config.pop("runtime_env", None)
    os.environ[name] = json.dumps(config)


def facts_of(error):
    """What the other side makes its own error of."""
    text = str(error)
    is_task = any(each.__name__ == "RayTaskError" for each in type(error).__mro__)
    where = re.search(r"ray::([\w.<>]+)\(\)\S* \(pid=(\d+), ip=([^,)\s]+)", text) if is_task else None
    return {
        "type": "RayTaskError" if is_task else type(error).__name__, "isRays": type(error).__module__.startswith("ray.exceptions") or is_task, "text": text,
        **({"function": where[1], "pid": int(where[2]), "ip": where[3]} if where else {}),
    }


if __name__ == "__main__":
    code = 0
    try:
        main()
    except SystemExit as error:
        print(error.code, flush=True)
        code = 3
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # Ray and gRPC have threads that would be waited for
