"""Python's Ray Client, measured as bench/cases/ray-client.ts measures ours: for each line on stdin, one line of JSON."""

import json
import sys
import time

import ray

ADDRESS, CALLS, AT_ONCE, LARGE_BYTES = sys.argv[1], *map(int, sys.argv[2:5])

ray.init(ADDRESS, logging_level="ERROR", log_to_driver=False)


@ray.remote(num_cpus=0.1)
class Counter:
    def __init__(self):
        self.n = 0

    def add(self, k):
        self.n += k
        return self.n


counter = Counter.remote()
total = ray.get(counter.add.remote(1))
large = b"x" * LARGE_BYTES
print(json.dumps({"ready": True}), flush=True)

for _ in sys.stdin:
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        total = ray.get(counter.add.remote(1))
        times.append(time.perf_counter() - start)
    start = time.perf_counter()
    values = ray.get([counter.add.remote(1) for _ in range(AT_ONCE)])
    at_once = time.perf_counter() - start
    if values != list(range(total + 1, total + AT_ONCE + 1)):
        raise SystemExit("wrong values")
    start = time.perf_counter()
    ref = ray.put(large)
    if len(ray.get(ref)) != LARGE_BYTES:
        raise SystemExit("wrong size")
    moved = time.perf_counter() - start
    del ref
    print(json.dumps({"callMs": sorted(times)[CALLS // 2] * 1000, "perSecond": AT_ONCE / at_once, "megabytesPerSecond": 2 * LARGE_BYTES / 1e6 / moved}), flush=True)
