#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Is a deterministic run the same every time, whatever the host is like? The trace and the output, byte for byte.

determinism.py TEST; RUNS in the environment says how many runs are compared (3 in CI, 100 when it is to be proven)."""
import fcntl
import os
import pty
import resource
import struct
import subprocess
import tempfile
import termios
import unittest

LSTAR = os.environ["LSTAR"]
GUESTS = os.environ["GUESTS"]
RUNS = int(os.environ.get("RUNS", "3"))


def run(*words, options=(), **more):
    """(exit status, output, trace) of one run."""
    more.setdefault("stdin", subprocess.DEVNULL)
    with tempfile.NamedTemporaryFile() as trace:
        done = subprocess.run([LSTAR, "run", "-q", "--deterministic", f"--strace={trace.name}", *options, *words],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        return done.returncode, done.stdout + done.stderr, trace.read()


class Case(unittest.TestCase):
    def same(self, *words, **more):
        first = run(*words, **more)
        self.assertGreater(len(first[2]), 200, first[1])
        for _ in range(RUNS - 1):
            self.assert_same(first, run(*words, **more))
        return first

    def assert_same(self, first, second):
        for what, a, b in zip(("status", "output", "trace"), first, second):
            if a == b:
                continue
            if isinstance(a, int):
                self.assertEqual(a, b)
            for x, y in zip(a.splitlines(), b.splitlines()):
                self.assertEqual(x.decode(errors="replace"), y.decode(errors="replace"), what)
            self.assertEqual(len(a), len(b), what)


class Threads(Case):
    def test_sixteen(self):
        self.same(f"{GUESTS}/threads")

    def test_seed(self):
        """Another seed is another schedule, as repeatable."""
        outputs = {self.same(f"{GUESTS}/threads", options=[f"--seed={seed}"])[1] for seed in range(1, 5)}
        self.assertGreater(len(outputs), 1)


class Processes(Case):
    def test_pipeline(self):
        script = ("for i in 1 2 3 4 5 6; do (echo $i; sleep 0.0$i; echo $RANDOM $$ $SECONDS) & done; wait;"
                  "seq 1 200 | while read x; do echo $((x * x)); done | sort -r | head -3; date; cat <(echo a) <(echo b)")
        self.same("/bin/bash-static", "-c", script, options=["--mount=/bin:/bin:ro", "--mount=/lib:/lib:ro",
                                                            "--mount=/usr:/usr:ro", "--mount=/lib64:/lib64:ro",
                                                            "--env=PATH=/bin:/usr/bin"])


class Channels(Case):
    """The same program on two hosts that differ in all that one can change without being another user. What is in a
    host folder that was granted is part of the run's input: its numbers and times too."""

    def host(self, folder, turn):
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24 + turn, 80 + turn, 0, 0))

        def differ():
            os.umask(0o22 + turn * 0o5)
            os.nice(turn)
            os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[-turn]})
            resource.setrlimit(resource.RLIMIT_NOFILE, (500 + turn, 1000 + turn))
            resource.setrlimit(resource.RLIMIT_CORE, (turn, turn))
            os.setsid()

        environment = {**os.environ, "CANARY": f"canary{turn}", "TERM": f"term{turn}", "TZ": f"UTC{turn}"}
        result = run(f"{GUESTS}/channels", "/host", options=[f"--mount={folder}:/host:ro"], stdin=follower,
                     preexec_fn=differ, env=environment, cwd=["/", "/tmp"][turn])
        os.close(leader)
        os.close(follower)
        return result

    def test_none_is_open(self):
        with tempfile.TemporaryDirectory() as top:
            for i in range(40):
                with open(f"{top}/file{i}", "w", encoding="utf-8") as file:
                    file.write("same")
            first = self.host(top, 0)
            second = self.host(top, 1)
            self.assertNotIn(b"canary", first[1])
            self.assertNotIn(top.encode(), first[1])
            self.assert_same(first, second)


if __name__ == "__main__":
    unittest.main()
