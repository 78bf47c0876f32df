"""The actor that starts, watches and ends one child process. It travels as text; see worker-host.ts.

Rules:
  W1. No record passes through it: it knows the child's exit and its last lines of output, no more.
  W2. The child ends with the actor, however that ends: the kernel sends SIGKILL when the thread that forked it is gone
      (so that thread lives as long as the child), and its stdin closes.
  W3. What the child has started and left in its process group ends with the child, or with the actor: a guard outside
      of both reads a pipe of the actor's, and ends the group when the pipe breaks.
  W4. Nothing at module level but imports and plain values: the class is pickled by value.
"""

import collections
import json
import os
import signal
import socket
import subprocess
import threading

# Reads the group's id, then waits: for a word when the child has ended, or for the end of the pipe. In the background
# of a shell that ends at once, so that it is no child of the actor: Ray ends those when the actor ends.
GUARD = 'trap "" TERM HUP INT; exec 3<&0; { read -r group && ! read -r word && kill -s KILL -- "-$group"; } <&3 &'
MAX_LINE_BYTES = 16 * 1024


class WorkerHost:
    """`spec` is JSON: {argv, env, cwd, stdin, tailLines}. Raises OSError when the program cannot be started."""

    def __init__(self, spec):
        spec = json.loads(spec)
        self._tail = collections.deque(maxlen=spec.get("tailLines") or 100)
        self._lines = 0
        self._lock = threading.Lock()
        self._process = None
        self._is_reaped = False
        self._exit = None
        self._error = None
        self._started = threading.Event()
        self._ended = threading.Event()
        threading.Thread(target=self._live, args=(spec,), daemon=True, name="child").start()
        self._started.wait()
        if self._error is not None:
            raise self._error

    # What the actor is asked.

    def info(self):
        return {"childPid": self._process.pid, "hostPid": os.getpid(), "hostname": socket.gethostname(), **self._place()}

    def wait(self, seconds):
        """The exit, {code, signal}, or None when the time is up."""
        self._ended.wait(seconds)
        return self._exit

    def output(self, since=0):
        """The last lines from line number `since` on, as {next, lines}; older ones are forgotten."""
        with self._lock:
            first = self._lines - len(self._tail)
            return {"next": self._lines, "lines": list(self._tail)[max(0, since - first):]}

    def write(self, text):
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def signal(self, number):
        """Whether the child was there to be sent it."""
        return self._kill(os.kill, number)

    def stop(self, grace_seconds):
        """SIGTERM to the child; after the grace, SIGKILL to it and its group. Gives the exit."""
        self._kill(os.kill, signal.SIGTERM)
        if not self._ended.wait(grace_seconds):
            self._kill(os.killpg, signal.SIGKILL)
            self._ended.wait(30)
        return self._exit

    # The child's life, all of it in one thread.

    def _live(self, spec):
        guard = None
        try:
            guard = subprocess.Popen(["/bin/sh", "-c", GUARD], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            guard.wait()
            self._process = self._start(spec)
            self._tell(guard, str(self._process.pid))
            reader = threading.Thread(target=self._read, daemon=True, name="output")
            reader.start()
            self._started.set()
            if spec.get("stdin"):
                self.write(spec["stdin"])
        except BrokenPipeError:
            pass  # the child has ended without reading
        except BaseException as error:
            self._error = error
            if self._process is None:
                if guard is not None:
                    guard.stdin.close()
                self._started.set()
                return
        self._reap(reader)
        self._tell(guard, "ended")
        guard.stdin.close()
        self._ended.set()

    def _start(self, spec):
        parent = os.getpid()
        try:
            import ctypes

            libc = ctypes.CDLL(None)  # before the fork: loading is not for a forked child
        except OSError:
            libc = None

        def in_child():
            os.setpgid(0, 0)
            if libc is not None and hasattr(libc, "prctl"):
                libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
            if os.getppid() != parent:
                os._exit(127)  # the actor died before prctl

        return subprocess.Popen(
            spec["argv"], env=self._environment(spec.get("env") or {}), cwd=spec.get("cwd") or None,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=in_child,
        )

    @staticmethod
    def _environment(own):
        """The actor's, without Ray's part of it (the cluster's token, for one), and the spec's; None takes one away."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "SAGE_"))}
        return {name: value for name, value in {**kept, **own}.items() if value is not None}

    def _reap(self, reader):
        os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        self._kill(os.killpg, signal.SIGKILL)  # while the child is not reaped, its group's id is nobody else's
        with self._lock:
            code = self._process.wait()
            self._is_reaped = True
        reader.join(2)  # what has left the group may still hold the pipe
        for pipe in (self._process.stdin, *(() if reader.is_alive() else (self._process.stdout,))):
            try:
                pipe.close()
            except BrokenPipeError:
                pass  # there was something left to write
        self._exit = {"code": code, "signal": None} if code >= 0 else {"code": None, "signal": self._name_of(-code)}

    def _read(self):
        while True:
            line = self._process.stdout.readline(MAX_LINE_BYTES)
            if not line:
                return
            with self._lock:
                self._tail.append(line.decode("utf-8", "replace").rstrip("\r\n"))
                self._lines += 1

    def _kill(self, how, number):
        with self._lock:
            if self._is_reaped:
                return False
            try:
                how(self._process.pid, number)
                return True
            except ProcessLookupError:
                return False

    @staticmethod
    def _name_of(number):
        try:
            return signal.Signals(number).name
        except ValueError:
            return f"SIG{number}"  # a real-time signal

    @staticmethod
    def _tell(guard, word):
        try:
            guard.stdin.write(word.encode() + b"\n")
            guard.stdin.flush()
        except BrokenPipeError:
            pass  # somebody has ended the guard; the kernel still minds the child

    @staticmethod
    def _place():
        try:
            import ray

            context = ray.get_runtime_context()
            return {"nodeId": context.get_node_id(), "isRestarted": context.was_current_actor_reconstructed}
        except Exception:
            return {"nodeId": "", "isRestarted": False}
