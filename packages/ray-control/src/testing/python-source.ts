// The Python that the tests run on the cluster.

export const source = `
import os, threading, time

class Counter:
    def __init__(self, n=0, fail=None):
        if fail: raise RuntimeError(fail)
        self.n = n
        self.both = threading.Barrier(2)

    def add(self, k=1):
        self.n += k
        return self.n

    def echo(self, *args, **kwargs):
        return [list(args), kwargs]

    def kinds(self):
        return [None, True, 7, 2**70, 0.5, "ä😀", b"\\\\x00\\\\xff", [1, [2]], (1, (2,)), {"a": {"b": 1}}, {1: "one"}, {3}, bytearray(b"x")]

    def boom(self):
        raise ValueError("boom\\nand a second line")

    def unpicklable(self):
        return threading.Lock()

    def pid(self):
        return os.getpid()

    def die(self):
        os._exit(3)

    def meet(self):
        self.both.wait(60)
        return "met"

    def place(self):
        import ray
        context = ray.get_runtime_context()
        return {"node": context.get_node_id(), "resources": context.get_assigned_resources(), "restarted": context.was_current_actor_reconstructed, "namespace": context.namespace}

    def env(self, name):
        return os.environ.get(name)

    def say(self, text):
        print(text, flush=True)

    def two(self):
        return "one", "two"

    def sleep(self, seconds):
        time.sleep(seconds)
        return seconds

class CustomError(Exception):
    pass

def double(x):
    return x * 2

def two():
    return 1, 2

def fail(text):
    raise CustomError(text)

def sleep(seconds):
    for _ in range(int(seconds * 20)):  # cancelling does not wake a sleeper
        time.sleep(0.05)
    return seconds

def call_add(counter, k):
    import ray
    return ray.get(counter.add.remote(k))

def make_ref(x):
    import ray
    return [ray.put(x)]

def read_file(path):
    with open(path) as file:
        return file.read()

def size(data):
    return len(data)
`.replaceAll("\\\\x", "\\x");
