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

    def test_lines_and_exit_are_told_as_they_come_and_by_stream(self):
        worker = host(*python("import sys; input(); print('out', flush=True); input(); print('err', file=sys.stderr); raise SystemExit(3)"), splitOutput=True)
        self.assertEqual(worker.follow(0, 0), {"next": 0, "lines": [], "exit": None})
        worker.write("go\n")
        self.assertEqual(worker.follow(0, 20), {"next": 1, "lines": [["stdout", "out"]], "exit": None})
        worker.write("go\n")
        self.assertEqual(worker.wait(20), {"code": 3, "signal": None})
        self.assertEqual(worker.follow(1, 20), {"next": 2, "lines": [["stderr", "err"]], "exit": {"code": 3, "signal": None}})

    def test_the_child_has_a_folder_which_goes_with_it(self):
        worker = host(*python("import os; print(os.getcwd()); open('left', 'w'); input()"), tempDir=True)
        folder = worker.info()["tempDir"]
        self.assertEqual(first_line(worker), folder)
        worker.stop(0)
        self.assertFalse(os.path.exists(folder))

    def test_the_first_program_that_will_do_is_taken(self):
        python3 = {"what": "python", "anyOf": ["/no/such", "no-such-name", "python3"]}
        digest = __import__("hashlib").sha256(pathlib.Path(__file__).read_bytes()).hexdigest()
        script = {"what": "script", "anyOf": [sys.executable, __file__], "sha256": digest}
        worker = WorkerHost(json.dumps({"argv": [python3, "-c", "import sys; print(sys.argv[1])", script]}))
        self.assertEqual(first_line(worker), os.path.abspath(__file__))
        with self.assertRaisesRegex(FileNotFoundError, r"none of these will do here: /no/such \[node\]"):
            WorkerHost(json.dumps({"argv": [{"what": "node", "anyOf": ["/no/such"]}]}))

    def test_a_host_that_nobody_keeps_ends_with_its_child_and_its_folder(self):
        for spec, grows in [({"leaseSeconds": 0.2}, True), ({"lingerSeconds": 0}, False)]:
            child = "import time; time.sleep(600)" if grows else "print('done')"
            code = SOURCE + f"""
import time
worker = WorkerHost(json.dumps({{"argv": [{sys.executable!r}, "-c", {child!r}], "tempDir": True, **{spec!r}}}))
print(worker.info()["childPid"], worker.info()["tempDir"], flush=True)
time.sleep(600)
"""
            process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
            child_pid, folder = process.stdout.readline().split()
            self.assertEqual(process.wait(20), 0)
            process.stdout.close()
            self.assertTrue(becomes_gone(int(child_pid)))
            self.assertFalse(os.path.exists(folder))

    def test_a_lease_is_lengthened_and_ended(self):
        worker = host("sleep", "600", leaseSeconds=600)
        worker.keep(700)
        worker.keep(None)
        self.assertIsNone(worker.wait(0.1))
        worker.stop(0)

    def test_child_and_grandchild_end_when_the_host_is_killed(self):
        code = SOURCE + f"""
import sys, time
worker = WorkerHost(json.dumps({{"argv": [sys.executable, "-c", {GRANDCHILD + 'time.sleep(600)'!r}], "tempDir": True}}))
while not worker.output()["lines"]: time.sleep(0.01)
print(worker.info()["childPid"], worker.output()["lines"][0], worker.info()["tempDir"], flush=True)
time.sleep(600)
"""
        host_process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        *pids, folder = host_process.stdout.readline().decode().split()
        child, grandchild = map(int, pids)
        host_process.kill()
        host_process.wait()
        host_process.stdout.close()
        self.assertTrue(becomes_gone(child))
        self.assertTrue(becomes_gone(grandchild))
        deadline = time.monotonic() + 20
        while os.path.exists(folder) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(os.path.exists(folder))


if __name__ == "__main__":
    unittest.main()
