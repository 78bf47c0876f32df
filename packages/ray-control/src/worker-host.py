"""The actor that starts, watches and ends one child process. It travels as text; see worker-host.ts.

Rules:
  W1. No record passes through it: it knows the child's exit and its last lines of output, no more.
  W2. The child ends with the actor, however that ends: the kernel sends SIGKILL when the thread that forked it is gone
      (so that thread lives as long as the child), and its stdin closes.
  W3. What the child has started and left in its process group ends with the child, or with the actor: a guard outside
      of both reads a pipe of the actor's, and ends the group when the pipe breaks. So does its temporary folder.
  W4. An actor that nobody asks for ends by itself: without `keep` while it has a lease, and some time after its child.
  W5. Nothing at module level but imports and plain values: the class is pickled by value.
"""

import collections
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

# Reads the group's id and the temporary folder, then waits: for a word when the child has ended, or for the end of the pipe. In the background
# of a shell that ends at once, so that it is no child of the actor: Ray ends those when the actor ends.
GUARD = 'trap "" TERM HUP INT; exec 3<&0; { read -r group dir && ! read -r word && { kill -s KILL -- "-$group"; [ -z "$dir" ] || rm -rf -- "$dir"; }; } <&3 &'
MAX_LINE_BYTES = 16 * 1024


class WorkerHost:
    """`spec` is JSON: WorkerHostSpec of worker-host.ts. Raises OSError when the program cannot be started."""

    def __init__(self, spec):
        spec = json.loads(spec)
        self._lease_ends = time.monotonic() + spec["leaseSeconds"] if spec.get("leaseSeconds") else None
        self._temp_dir = ""
        self._tail = collections.deque(maxlen=spec.get("tailLines") or 100)
        self._lines = 0
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)
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
        if self._lease_ends is not None:
            threading.Thread(target=self._mind_lease, daemon=True, name="lease").start()

    # What the actor is asked.

    def info(self):
        return {"childPid": self._process.pid, "hostPid": os.getpid(), "hostname": socket.gethostname(), "tempDir": self._temp_dir, **self._place()}

    def wait(self, seconds):
        """The exit, {code, signal}, or None when the time is up."""
        self._ended.wait(seconds)
        return self._exit

    def output(self, since=0):
        """The last lines from line number `since` on, as {next, lines}; older ones are forgotten."""
        with self._lock:
            first = self._lines - len(self._tail)
            return {"next": self._lines, "lines": [text for _, text in list(self._tail)[max(0, since - first):]]}

    def follow(self, since, seconds):
        """As `output`, but waits for something to tell: {next, lines: [[stream, text]], exit}."""
        with self._news:
            self._news.wait_for(lambda: self._lines > since or self._ended.is_set(), seconds)
            first = self._lines - len(self._tail)
            lines = [list(line) for line in list(self._tail)[max(0, since - first):]]
            return {"next": self._lines, "lines": lines, "exit": self._exit if self._ended.is_set() else None}

    def keep(self, seconds):
        """Lengthens the lease; None ends it: the child minds itself from now on."""
        with self._lock:
            self._lease_ends = None if seconds is None else time.monotonic() + seconds

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
            if spec.get("tempDir"):
                self._temp_dir = tempfile.mkdtemp(prefix="sage-w-")
            self._process = self._start(spec)
            self._tell(guard, f"{self._process.pid} {self._temp_dir}")
            readers = [threading.Thread(target=self._read, args=(name, pipe), daemon=True, name=name) for name, pipe in self._pipes()]
            for reader in readers:
                reader.start()
            self._started.set()
            if spec.get("stdin"):
                self.write(spec["stdin"])
        except BrokenPipeError:
            pass  # the child has ended without reading
        except BaseException as error:
            self._error = error
            if self._process is None:
                shutil.rmtree(self._temp_dir, ignore_errors=True)
                if guard is not None:
                    guard.stdin.close()
                self._started.set()
                return
        self._reap(readers)
        if self._temp_dir:
            shutil.rmtree(self._temp_dir, ignore_errors=True)
        self._tell(guard, "ended")
        guard.stdin.close()
        self._ended.set()
        with self._news:
            self._news.notify_all()
        if spec.get("lingerSeconds") is not None:
            time.sleep(spec["lingerSeconds"])  # whoever wants to know how it ended has asked by then
            os._exit(0)

    def _mind_lease(self):
        while not self._ended.is_set():
            with self._lock:
                left = None if self._lease_ends is None else self._lease_ends - time.monotonic()
            if left is None:
                return
            if left <= 0:
                self._kill(os.killpg, signal.SIGKILL)
                self._ended.wait(30)
                os._exit(0)
            self._ended.wait(left)

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

        environment = self._environment(spec.get("env") or {})
        return subprocess.Popen(
            [self._chosen(word, environment) for word in spec["argv"]], env=environment, cwd=spec.get("cwd") or self._temp_dir or None,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE if spec.get("splitOutput") else subprocess.STDOUT, preexec_fn=in_child,
        )

    @classmethod
    def _chosen(cls, word, environment):
        """The first of several that will do, as an absolute path; a plain word as it is."""
        if isinstance(word, str):
            return word
        for name in word["anyOf"]:
            path = os.path.expanduser(name) if "/" in name else shutil.which(name, path=environment.get("PATH")) or os.path.abspath(name)
            if os.path.isfile(path) and cls._will_do(path, word):
                return os.path.abspath(path)
        raise FileNotFoundError(f"none of these will do here: {', '.join(word['anyOf'])} [{word['what']}]")

    @staticmethod
    def _will_do(path, word):
        if word.get("sha256"):
            with open(path, "rb") as file:
                return hashlib.sha256(file.read()).hexdigest() == word["sha256"]
        if word.get("minVersion"):
            if not os.access(path, os.X_OK):
                try:
                    os.chmod(path, 0o755)  # a package of Ray's keeps no modes
                except OSError:
                    return False
            try:
                said = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, text=True).stdout
                return [int(part) for part in said.strip().lstrip("v").split(".")] >= word["minVersion"]
            except (OSError, ValueError, subprocess.TimeoutExpired):
                return False
        return True

    @staticmethod
    def _environment(own):
        """The actor's, without Ray's part of it (the cluster's token, for one), and the spec's; None takes one away."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "SAGE_"))}
        return {name: value for name, value in {**kept, **own}.items() if value is not None}

    def _pipes(self):
        return [(name, pipe) for name, pipe in (("stdout", self._process.stdout), ("stderr", self._process.stderr)) if pipe is not None]

    def _reap(self, readers):
        os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        self._kill(os.killpg, signal.SIGKILL)  # while the child is not reaped, its group's id is nobody else's
        with self._lock:
            code = self._process.wait()
            self._is_reaped = True
        for reader in readers:
            reader.join(2)  # what has left the group may still hold the pipe
        read = [pipe for reader, (_, pipe) in zip(readers, self._pipes()) if not reader.is_alive()]
        for pipe in (self._process.stdin, *read):
            try:
                pipe.close()
            except BrokenPipeError:
                pass  # there was something left to write
        self._exit = {"code": code, "signal": None} if code >= 0 else {"code": None, "signal": self._name_of(-code)}

    def _read(self, name, pipe):
        while True:
            line = pipe.readline(MAX_LINE_BYTES)
            if not line:
                return
            with self._news:
                self._tail.append((name, line.decode("utf-8", "replace").rstrip("\r\n")))
                self._lines += 1
                self._news.notify_all()

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
        ray = sys.modules.get("ray")  # an actor's process has it; to ask it elsewhere would start a cluster
        if ray is None or not ray.is_initialized():
            return {"nodeId": "", "isRestarted": False}
        try:
            context = ray.get_runtime_context()
            return {"nodeId": context.get_node_id(), "isRestarted": context.was_current_actor_reconstructed}
        except Exception:
            return {"nodeId": "", "isRestarted": False}
