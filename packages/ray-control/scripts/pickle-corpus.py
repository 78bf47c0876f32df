"""Values that Python pickles and TypeScript reads, and the other way round.

    python3 pickle-corpus.py make > ../src/pickle/corpus.json     every value in every protocol, with what it is
    python3 pickle-corpus.py check < lines of "NAME BASE64"       prints the names whose pickle loads as something else
"""

import base64
import collections
import json
import math
import pickle
import sys


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


class Slotted:
    __slots__ = ("a",)

    def __init__(self):
        self.a = 1


Point.__module__ = Slotted.__module__ = "corpus"

shared = [1, 2]
cyclic = [1]
cyclic.append(cyclic)
cyclic_tuple = ([],)
cyclic_tuple[0].append(cyclic_tuple)

VALUES = {
    "none": None, "true": True, "false": False,
    "ints": [0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, -(2**31), 2**31, 2**32, -(2**31) - 1],
    "exact ints": [2**53 - 1, -(2**53 - 1)],
    "big ints": [2**53, 2**63 - 1, 2**63, 2**64, -(2**63), -(2**64), 2**2000, -(2**2047), 127 << 64, 128 << 64, -(128 << 56)],
    "floats": [0.5, -1.25, 1e300, 5e-324, math.inf, -math.inf, 0.1, 1e21, 123456789.125],
    "nan": math.nan,
    "strings": ["", "a", "ä", "€", "😀", "x" * 255, "x" * 256, "ä" * 200, "line\nbreak\r\t\\ \\u0041 \x00\x1a", "'\""],
    "surrogates": ["\ud800", "a\udfffb", "\udc80\ud83d", "\ufffd"],
    "bytes": [b"", b"a", bytes(range(256)), b"z" * 300],
    "bytearrays": [bytearray(b""), bytearray(b"abc\xff")],
    "lists": [[], [1], [[], [[]]], list(range(280))],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), ((),))],
    "dicts": [{}, {"a": 1}, {"a": {"b": [None]}}, {1: "one", (2, 3): "tuple"}, {"__proto__": 1, "constructor": 2}, {str(i): i for i in range(140)}],
    "sets": [set(), {1}, {1, 2, 3}, {"a"}],
    "frozensets": [frozenset(), frozenset({1, 2})],
    "shared": [shared, shared, {"again": shared}],
    "ordered": collections.OrderedDict([("b", 1), ("a", 2)]),
}
CYCLES = {"cyclic list": cyclic, "cyclic tuple": cyclic_tuple}
OBJECTS = {"object": Point(1, [2]), "slotted": Slotted(), "class": collections.OrderedDict, "function": len, "exception": ValueError("boom", 3), "complex": 1 + 2j}


def told(value):
    """The value in JSON, with its types."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, list):
        return {"list": [told(item) for item in value]}
    if isinstance(value, tuple):
        return {"tuple": [told(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[told(key), told(item)] for key, item in value.items()]}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted((told(item) for item in value), key=json.dumps)}
    raise TypeError(type(value))


def make():
    corpus = []
    sys.modules["corpus"] = sys.modules[__name__]
    for name, value in {**VALUES, **CYCLES, **OBJECTS}.items():
        for protocol in range(6):
            if isinstance(value, Slotted) and protocol < 2:
                continue
            entry = {"name": name, "protocol": protocol, "pickle": base64.b64encode(pickle.dumps(value, protocol)).decode()}
            if name in VALUES:
                entry["value"] = told(value)
            corpus.append(entry)
    print("[")
    print(",\n".join(json.dumps(entry) for entry in corpus))
    print("]")


def check():
    for line in sys.stdin:
        name, data = line.rsplit(" ", 1)
        value = pickle.loads(base64.b64decode(data))
        if name in CYCLES:
            same = repr(value) == repr(CYCLES[name])
        else:
            same = told(value) == told(VALUES[name])
        if not same:
            print(name, repr(value)[:200])


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]]()
