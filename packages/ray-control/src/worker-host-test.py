"""Tests of worker-host.py by itself, in any Python: python3 worker-host-test.py"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

SOURCE = pathlib.Path(__file__).with_name("worker-host.py").read_text()
module = {"__name__": "worker_host"}
exec(compile(SOURCE, "worker-host.py", "exec"), module)
WorkerHost = module["WorkerHost"]


def host(*argv, **more):
    return WorkerHost(json.dumps({"argv": list(argv), **more}))


def python(code):
    return [sys.executable, "-c", code]


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] if os.path.exists(f"/proc/{pid}/stat") else "Z"
    return state == "Z"


def becomes_gone(pid):
    deadline = time.monotonic() + 20
    while not is_gone(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def first_line(worker):
    deadline = time.monotonic() + 20
    while not worker.output()["lines"]:
        if time.monotonic() > deadline:
            raise AssertionError("no output")
        time.sleep(0.01)
    return worker.output()["lines"][0]


GRANDCHILD = "import os,subprocess,sys,time; print(subprocess.Popen(['sleep','600']).pid, flush=True); "


class WorkerHostTest(unittest.TestCase):
    def test_exit_code_and_last_lines_are_told(self):
        worker = host(*python("print('\\n'.join(f'line {i}' for i in range(500))); raise SystemExit(7)"), tailLines=3)
        self.assertEqual(worker.wait(20), {"code": 7, "signal": None})
        self.assertEqual(worker.output(), {"next": 500, "lines": ["line 497", "line 498", "line 499"]})
        self.assertEqual(worker.output(499)["lines"], ["line 499"])
        self.assertEqual(worker.output(500)["lines"], [])

    def test_a_signal_is_told_by_name(self):
        worker = host("sleep", "600")
        self.assertIsNone(worker.wait(0))
        self.assertTrue(worker.signal(signal.SIGKILL))
        self.assertEqual(worker.wait(20), {"code": None, "signal": "SIGKILL"})
        self.assertFalse(worker.signal(signal.SIGTERM))

    def test_the_first_line_arrives_and_stdin_stays_open(self):
        worker = host("cat", stdin="hello\n")
        self.assertEqual(first_line(worker), "hello")
        self.assertIsNone(worker.wait(0))
        worker.stop(5)

    def test_environment_has_nothing_of_ray(self):
        os.environ["RAY_AUTH_TOKEN"] = "secret"
        worker = host("env", env={"CITY": "Bern", "HOME": None})
        worker.wait(20)
        lines = worker.output()["lines"]
        self.assertIn("CITY=Bern", lines)
        self.assertFalse([line for line in lines if line.startswith(("RAY_", "HOME="))])

    def test_a_stubborn_child_and_what_it_started_are_ended(self):
        worker = host(*python("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + GRANDCHILD + "time.sleep(600)"))
        grandchild = int(first_line(worker))
        self.assertEqual(worker.stop(0.05), {"code": None, "signal": "SIGKILL"})
        self.assertTrue(becomes_gone(grandchild))

    def test_what_a_child_leaves_behind_ends_with_it(self):
        worker = host(*python(GRANDCHILD))
        self.assertEqual(worker.wait(20)["code"], 0)
        self.assertTrue(becomes_gone(int(worker.output()["lines"][0])))

    def test_a_program_that_is_not_there_is_an_error(self):
        with self.assertRaises(FileNotFoundError):
            host("/no/such/program")

    def test_child_and_grandchild_end_when_the_host_is_killed(self):
        code = SOURCE + f"""
import sys, time
worker = WorkerHost(json.dumps({{"argv": [sys.executable, "-c", {GRANDCHILD + 'time.sleep(600)'!r}]}}))
while not worker.output()["lines"]: time.sleep(0.01)
print(worker.info()["childPid"], worker.output()["lines"][0], flush=True)
time.sleep(600)
"""
        host_process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        child, grandchild = map(int, host_process.stdout.readline().split())
        host_process.kill()
        host_process.wait()
        host_process.stdout.close()
        self.assertTrue(becomes_gone(child))
        self.assertTrue(becomes_gone(grandchild))


if __name__ == "__main__":
    unittest.main()
