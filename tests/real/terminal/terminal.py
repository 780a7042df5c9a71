#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Job control at a real terminal: each session is typed at a pseudo-terminal natively and in lstar, and what the screen
showed, how the program ended, and the terminal's modes afterwards are compared.

  terminal.py --list                    the sessions' names
  terminal.py --lstar PATH NAME...      runs these

A session is a command and steps. A string step is typed; a tuple names what to do: ("see", REGEX) waits until the screen shows
it, ("size", rows, columns), ("hang up",), ("stopped", SIGNAL) that the program was, ("continue",), ("terminate",).
"""
import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

PATIENCE = 30     # seconds that a step may take; only a failing test takes them
ATTEMPTS = 3
PROMPT = ("see", r"ps1 (\x1b\[6n)?$")
COOKED = ("cooked",)    # the line editor has set the modes back: the command is about to run
INT, QUIT, SUSP, EOF = "\x03", "\x1c", "\x1a", "\x04"
CACHE = os.path.join(os.environ.get("LSTAR_CACHE", os.path.expanduser("~/.cache/lstar")), "real")
ASH = ["/bin/busybox", "sh", "-i"]
BASH = ["/bin/bash-static", "--norc", "--noprofile", "--noediting", "-i"]

# What both shells can do. After each command the prompt is waited for.
JOBS = [PROMPT, "echo $-\n", PROMPT,
        "cat\n", COOKED, "line\n", ("see", r"line\r\nline\r\n"), INT, PROMPT, "echo $?\n", PROMPT,
        "cat\n", COOKED, "more\n", ("see", r"more\r\nmore\r\n"), SUSP, PROMPT, "jobs\n", PROMPT,
        "fg\n", ("see", r"fg\r\n.*cat\r\n"), COOKED, "again\n", ("see", r"again\r\nagain\r\n"), SUSP, PROMPT,
        "kill %1; fg\n", PROMPT,
        "sleep 1000\n", COOKED, ("pause",), SUSP, PROMPT, "bg\n", PROMPT, "jobs\n", PROMPT,
        "fg\n", ("see", r"sleep 1000\r\n"), COOKED, ("pause",), INT, PROMPT]
PIPES = ["cat | cat | (echo up; cat)\n", ("see", r"\nup\r\n"), "pipe\n", ("see", r"pipe\r\npipe\r\n"), EOF, PROMPT,
        "cat | (echo up; cat)\n", ("see", r"\nup\r\n"), "two\n", ("see", r"two\r\ntwo\r\n"), QUIT, PROMPT, "echo $?\n", PROMPT]


class Session:
    """pids: numbers on the screen that differ. options: of lstar."""
    all = {}
    any_status = False

    def __init__(self, name, command, steps, env=None, options=()):
        self.command, self.steps, self.options = command, steps, list(options)
        self.env = {"PATH": "/usr/bin:/bin", "TERM": "dumb", "HOME": "/", "LC_ALL": "C", "PS1": "ps1 ", **(env or {})}
        Session.all[name] = self


EXIT = ["exit 3\n"]
HOST = ["--host"]
Session("ash-jobs", ASH, JOBS + EXIT)
Session("bash-jobs", BASH, JOBS + PIPES + EXIT, options=HOST)
Session("ash-background", ASH, [
    PROMPT, "cat &\n", PROMPT, "sleep 0.1; jobs\n", PROMPT, "kill %1; wait %1; echo $?\n", PROMPT,
    "stty tostop; echo loud & wait $!\n", PROMPT, "stty -tostop; kill -9 %2; fg %2; jobs\n", PROMPT,
    "stty tostop; (trap '' TTOU; echo deaf) & wait $!; stty -tostop\n", PROMPT,
    "exit 3\n", PROMPT] + EXIT)
Session("ash-tty", ASH, [
    PROMPT, "[ -t 0 ] && echo yes\n", PROMPT, "read x; stty size\n", COOKED, ("size", 33, 77), "\n", ("see", "33 77"), PROMPT,
    "stty -echo; read x; stty echo; echo got $x\n", COOKED, ("quiet",), "secret\n", PROMPT,
    "stty -icanon min 1; echo up; dd bs=1 count=1 2>/dev/null; stty icanon; echo\n", ("see", r"\nup\r\n"), "q", PROMPT,
    "echo to the terminal >/dev/tty; read y </dev/tty; echo $y\n", COOKED,
    ("see", r"\nto the terminal\r\n"), "typed\n", PROMPT,
    "setsid sh -c 'echo x >/dev/tty; echo $?' 2>&1 | tail -1\n", PROMPT, "stty -a | head -1\n", PROMPT] + EXIT)
Session("ash-trap", ASH, [
    PROMPT, "sh -c 'trap \"echo caught\" INT; while read x; do echo $x; done; echo end'\n", COOKED, "one\n",
    ("see", r"one\r\none\r\n"), ("pause",), INT, ("see", r"caught\r\nend\r\n"), PROMPT] + EXIT)
Session("ash-interrupt-prompt", ASH, [PROMPT, "echo half", ("see", "half"), INT, PROMPT, "echo whole\n", PROMPT, EOF])
Session("bash-fg-self", BASH, [
    PROMPT, "sh -c 'kill -STOP $$; echo on; exit 4'\n", PROMPT, "fg\n", ("see", r"on\r\n"), PROMPT, "echo $?\n", PROMPT,
    "set -m; for i in 1 2; do sleep 1000 & done; jobs\n", PROMPT, "kill %1; wait %1\n", PROMPT,
    "kill %2; wait %2; jobs\n", PROMPT] + EXIT, options=HOST)
Session("bash-editing", ["/bin/bash-static", "--norc", "--noprofile", "-i"], [
    PROMPT, "ehco word\x01\x1bd" + "echo\n", ("see", r"word\r\n.*ps1 $"), "sleep 1000\n", COOKED, ("pause",), INT,
    PROMPT, "echo alive\n", ("see", r"\nalive\r\n.*ps1 $")] + EXIT, options=HOST)
Session("zsh-jobs", ["/usr/bin/zsh-static", "-f", "-i", "+Z", "+o", "prompt_sp"], [
    PROMPT, "cat\n", COOKED, "line\n", ("see", r"line\r\nline\r\n"), SUSP, PROMPT, "jobs\n", PROMPT, "fg\n", COOKED, ("pause",), INT,
    PROMPT, "print $?\n", PROMPT, "sleep 1000 &\n", PROMPT, "kill %1; wait %1; print $?\n", PROMPT] + EXIT, options=HOST)
# Without a shell: the program is the machine's first process.
Session("cat-interrupt", ["/bin/busybox", "cat"], ["x\n", ("see", r"x\r\nx\r\n"), INT])
Session("cat-quit", ["/bin/busybox", "cat"], ["x\n", ("see", r"x\r\nx\r\n"), QUIT])
Session("cat-end", ["/bin/busybox", "cat"], ["x\n", ("see", r"x\r\nx\r\n"), EOF])
# Hung up: what it dies of is the signal or the end of input, whichever comes first.
Session("cat-hang-up", ["/bin/busybox", "cat"], ["x\n", ("see", r"x\r\nx\r\n"), ("hang up",)]).any_status = True
Session("ash-hang-up", ASH, [PROMPT, "cat\n", COOKED, "x\n", ("see", r"x\r\nx\r\n"), ("hang up",)]).any_status = True
# Stopped as a whole, and continued by whoever started it.
Session("cat-suspend", ["/bin/busybox", "cat"], ["x\n", ("see", r"x\r\nx\r\n"), SUSP, ("stopped", signal.SIGTSTP), ("continue",), "y\n",
                                                  ("see", r"y\r\ny\r\n"), EOF])
Session("stop-self", ["/bin/busybox", "sh", "-c", "kill -STOP $$; echo on"], [("stopped", signal.SIGSTOP), ("continue",), ("see", "on")])
Session("rules", [os.path.join(CACHE, "bin", "tty")], [])
# Modes that the program leaves changed are the user's problem natively; lstar sets them back.
Session("modes-kept", ASH, [PROMPT, "stty -a | grep -c -- -echo\n", PROMPT, "exit\n"])
Session("vi", ["/bin/busybox", "vi", "/tmp/none"], [("see", r"none"), "ihello", ("see", "hello"), "\x1b", ("pause",), ":q!\n"],
        env={"TERM": "vt100", "LINES": "24", "COLUMNS": "80"})
KILLED = "stty raw -echo; echo changed; cat"
DEAF = "trap '' INT; echo up; while :; do :; done"
LSTAR_ONLY = {
    "modes-restored": Session("modes-restored", ["/bin/busybox", "sh", "-c", "stty raw -echo; echo changed"], [("see", "changed")]),
    "modes-after-kill": Session("modes-after-kill", ["/bin/busybox", "sh", "-c", KILLED],
                                [("see", "changed"), ("terminate",)]),
    "name": Session("name", ["/bin/busybox", "sh", "-c", "tty && tty </dev/tty"], [("see", "/dev/console\r\n/dev/console")]),
    "deaf": Session("deaf", ["/bin/busybox", "sh", "-c", DEAF],
                    [("see", "up"), INT, ("pause",), INT]),
}
WANT = {"modes-restored": 0, "modes-after-kill": 128 + signal.SIGTERM, "name": 0, "deaf": 128 + signal.SIGINT}


class Typist:
    def __init__(self, command, env, cwd):
        self.screen, self.seen, self.status = "", 0, None
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            # The program is a job of this process, which is the session's leader: as a shell starts it.
            self.lead(command, env, cwd)
        self.before = None

    @staticmethod
    def lead(command, env, cwd):
        """In the child: keeps the terminal's session, runs the job in a group of its own, reports its stops, ends as it did."""
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        gate = os.pipe()
        job = os.fork()
        if job == 0:
            os.read(gate[0], 1)
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            os.chdir(cwd)
            os.execve(command[0], command, env)
        os.setpgid(job, job)
        os.tcsetpgrp(0, job)
        with open(os.path.join(cwd, "job"), "w", encoding="ascii") as file:
            file.write(str(job))
        os.write(gate[1], b"x")
        while True:
            _, status = os.waitpid(job, os.WUNTRACED)
            if os.WIFSTOPPED(status):
                with open(os.path.join(cwd, "stopped.new"), "w", encoding="ascii") as file:
                    file.write(str(os.WSTOPSIG(status)))
                os.rename(os.path.join(cwd, "stopped.new"), os.path.join(cwd, "stopped"))
                continue
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
            with open(os.path.join(cwd, "status"), "w", encoding="ascii") as file:
                file.write(str(code))
            try:
                modes = termios.tcgetattr(0)
            except termios.error:
                modes = None
            with open(os.path.join(cwd, "modes"), "w", encoding="ascii") as file:
                file.write(repr(modes))
            os._exit(0)

    def read(self, timeout):
        ready, _, _ = select.select([self.master], [], [], timeout)
        if not ready:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        self.screen += data.decode(errors="replace")
        return bool(data)

    def see(self, pattern):
        """What is searched begins behind what was seen before; the match must reach what it says even if more comes."""
        end = time.monotonic() + PATIENCE
        while True:
            found = re.search(pattern, self.screen[self.seen:], re.S)
            if found:
                self.seen += found.end()
                return
            if time.monotonic() > end or not self.read(0.5):
                raise TimeoutError(f"the screen never showed {pattern!r}")


def wait_for(what, question):
    end = time.monotonic() + PATIENCE
    while not question():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.01)


def contents(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def do(step, typist, folder):
    if isinstance(step, str):
        os.write(typist.master, step.encode())
        return
    what, rest = step[0], step[1:]
    stopped = os.path.join(folder, "stopped")
    job = int(contents(os.path.join(folder, "job")) or 0)
    if what == "see":
        typist.see(rest[0])
    elif what == "size":
        fcntl.ioctl(typist.master, termios.TIOCSWINSZ, struct.pack("4H", *rest, 0, 0))
    elif what == "hang up":
        os.close(typist.master)
        typist.master = -1
    elif what == "stopped":
        wait_for("it was never stopped", lambda: contents(stopped))
        if int(contents(stopped)) != rest[0]:
            raise TimeoutError(f"stopped by {contents(stopped)}, not {rest[0]}")
    elif what == "continue":
        os.unlink(stopped)
        os.killpg(job, signal.SIGCONT)
    elif what == "terminate":
        os.kill(job, signal.SIGTERM)
    elif what == "cooked":
        wait_for("the modes were not set back", lambda: termios.tcgetattr(typist.master)[3] & termios.ICANON)
        typist.read(0)
    elif what == "quiet":
        wait_for("the echo was not switched off", lambda: not termios.tcgetattr(typist.master)[3] & termios.ECHO)
    elif what == "pause":
        time.sleep(0.1)     # what follows is right before that, too


def perform(command, session, folder):
    """Types the session: the screen, the exit status, the modes before and after."""
    typist = Typist(command, session.env, folder)
    before = repr(termios.tcgetattr(typist.master))
    fcntl.ioctl(typist.master, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    failure = None
    try:
        for step in session.steps:
            do(step, typist, folder)
        end = time.monotonic() + PATIENCE
        while typist.master >= 0 and not contents(os.path.join(folder, "modes")) and time.monotonic() < end:
            typist.read(0.02)
        wait_for("it did not end", lambda: contents(os.path.join(folder, "modes")))
        while typist.master >= 0 and typist.read(0.05) and select.select([typist.master], [], [], 0)[0]:
            pass
    except TimeoutError as error:
        failure = str(error)
        for victim in (int(contents(os.path.join(folder, "job")) or 0),):
            if victim:
                os.killpg(victim, signal.SIGKILL)
    os.kill(typist.pid, signal.SIGKILL)
    os.waitpid(typist.pid, 0)
    if typist.master >= 0:
        os.close(typist.master)
    screen = re.sub(r"\[\d+\] \d+|\d{3,}", "N", typist.screen) if "size" not in repr(session.steps) else typist.screen
    return {"screen": screen, "status": contents(os.path.join(folder, "status")), "failure": failure,
            "modes": contents(os.path.join(folder, "modes")) == before}


def judge(name, lstar):
    session = Session.all[name]
    inside = [lstar, "run", "-q"] + session.options
    if not session.options:
        inside += ["--mount", "/bin/busybox:/bin/busybox"]
        for key, value in session.env.items():
            inside += ["--env", f"{key}={value}"]
    inside += ["--"] + session.command
    with tempfile.TemporaryDirectory() as folder:
        got = perform(inside, session, folder)
    if got["failure"]:
        print("in lstar:", got["failure"], repr(got["screen"]))
    if name in LSTAR_ONLY:
        want = {**got, "status": str(WANT[name]), "modes": True, "failure": None}
    else:
        with tempfile.TemporaryDirectory() as folder:
            want = perform(session.command, session, folder)
    if want["failure"]:
        print("natively:", want["failure"], repr(want["screen"]))
    if session.any_status:
        want["status"] = got["status"]
    good = not want["failure"]
    for key, value in want.items():
        if got[key] != value:
            good = False
            print(f"{name}: {key}\n  natively: {value!r}\n  in lstar: {got[key]!r}")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--lstar")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print("\n".join(Session.all))
        return 0
    lstar = os.path.abspath(options.lstar)
    # A key meets a program where the host's scheduler has left it, natively too: one of three attempts has to agree.
    bad = [name for name in options.names or Session.all if not any(judge(name, lstar) for _ in range(ATTEMPTS))]
    print("failed: " + " ".join(bad) if bad else "all agree")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
