#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The command, as its user meets it: options, messages, exit statuses. The guest is tests/api/guest.c."""
import errno
import json
import os
import pty
import re
import signal
import subprocess
import tempfile
import termios
import unittest

LSTAR = os.environ["LSTAR"]
GUEST = os.environ["GUEST"]
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def lstar(*words, **more):
    more.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([LSTAR, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          **more)


class Case(unittest.TestCase):
    def expect(self, status, *words, out=None, err=None, **more):
        """Run; the exit status, and what both streams hold or are."""
        done = lstar(*words, **more)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        if out is not None:
            self.assertEqual(done.stdout, out)
        if err == "":
            self.assertEqual(done.stderr, "")
        elif err is not None:
            self.assertRegex(done.stderr, err)
        return done


class Usage(Case):
    def test_no_command(self):
        self.assertIn("lstar run", self.expect(125).stdout)

    def test_help_fits_a_screen(self):
        for words in (["help"], ["--help"], ["-h"], ["run", "--help"], ["run", "-h"], ["syscalls", "--help"]):
            text = self.expect(0, *words, err="").stdout
            self.assertLessEqual(len(text.splitlines()), 24)
            self.assertLessEqual(max(map(len, text.splitlines())), 100)

    def test_help_and_manual_name_every_option(self):
        source = read(f"{TOP}/src/cli/run_options.c")
        options = re.findall(r'^    \{"([a-z-]+)", \w+_argument', source, re.M)
        self.assertGreater(len(options), 14)
        help_text = lstar("help").stdout
        manual = read(f"{TOP}/docs/lstar.1").replace("\\-", "-")
        completion = read(f"{TOP}/src/cli/completion.bash")
        for option in options:
            self.assertIn(f"--{option}", manual)
            if option != "quiet":
                self.assertIn(f"--{option}", help_text)
                self.assertIn(f"--{option}", completion)

    def test_manual_has_the_version(self):
        version = lstar("version").stdout.split()[1]
        self.assertIn(f"lstar {version}", read(f"{TOP}/docs/lstar.1"))

    def test_version_names_engine_and_patches(self):
        text = self.expect(0, "version", err="").stdout
        self.assertRegex(text, r"^lstar \d+\.\d+\.\d+\n")
        self.assertIn("Unicorn", text)
        for patch in os.listdir(f"{TOP}/deps/unicorn/patches"):
            self.assertIn(patch.removesuffix(".patch"), text)

    def test_mistakes(self):
        for words, message in [
            (["fly"], "no command"),
            (["run"], "which program"),
            (["run", "--fly", GUEST], "'--fly' is no option"),
            (["run", "--root"], "wants a value"),
            (["run", "--mem", "12x", GUEST], "--mem 12x: a size"),
            (["run", "--mem", "1K", GUEST], "at least 1M"),
            (["run", "--mem", "99999999999T", GUEST], "a size"),
            (["run", "--insns", "0", GUEST], "above 0"),
            (["run", "--time", "soon", GUEST], "a duration"),
            (["run", "--time", "0", GUEST], "a duration"),
            (["run", "--seed", "x", GUEST], "a number"),
            (["run", "--user", "root", GUEST], "numbers are wanted"),
            (["run", "--user", "1:", GUEST], "numbers are wanted"),
            (["run", "--cwd", "here", GUEST], "absolute path"),
            (["run", "--fd", "x", GUEST], "an open descriptor"),
            (["run", "--fd", "1000", GUEST], "an open descriptor"),
            (["run", "--fd", "1", GUEST], "3 to 1023"),
            (["run", "--mount", "/tmp", GUEST], "HOST:GUEST"),
            (["run", "--mount", "/tmp:x", GUEST], "HOST:GUEST"),
            (["run", "--env", "=x", GUEST], "NAME=VALUE"),
            (["run", "--strace-format", "xml", GUEST], "text or json"),
            (["run", "--host", "--root", "/", GUEST], "exclude each other"),
            (["run", "--strace=/nonexistent/x", GUEST], "/nonexistent/x: No such file"),
            (["syscalls", "--format", "xml"], "one of text, json, md"),
            (["syscalls", "read"], "no arguments"),
            (["version", "x"], "no arguments"),
        ]:
            with self.subTest(words):
                done = self.expect(125, *words, out="")
                self.assertIn(message, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([LSTAR, "syscalls"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 125)
        self.assertIn("could not be written", done.stderr)


class Status(Case):
    def test_the_guests_own(self):
        self.expect(7, "run", GUEST, "exit", err="")

    def test_first_word_that_is_no_option_ends_the_options(self):
        self.assertIn("arg <--mem>", self.expect(0, "run", GUEST, "show", "--mem").stdout)
        self.assertIn("arg <-q>", self.expect(0, "run", "--", GUEST, "show", "-q").stdout)

    def test_signal(self):
        self.expect(139, "run", GUEST, "crash", err="killed by SIGSEGV; --report shows where")
        self.expect(134, "run", GUEST, "abort", err="killed by SIGABRT")
        self.expect(139, "run", "-q", GUEST, "crash", err="")

    def test_not_found(self):
        self.expect(127, "run", "/nonexistent/x", err="/nonexistent/x.*no such program")
        self.expect(127, "run", "no-such-word-in-path", err="no such program")
        with tempfile.TemporaryDirectory() as root:
            self.expect(127, "run", "--root", root, "/bin/sh", err="no such program in the guest")
            self.expect(127, "run", "--root", root, "sh", err="no such program in the guest")

    def test_not_executable(self):
        self.expect(126, "run", "/etc/passwd", err="permission x")
        self.expect(126, "run", "/etc", err="cannot be executed")
        with tempfile.NamedTemporaryFile("w") as script:
            script.write("neither ELF nor script\n")
            script.flush()
            os.chmod(script.name, 0o755)
            self.expect(126, "run", script.name, err="no x86-64 ELF program")

    def test_missing_interpreter_says_what_to_do(self):
        self.expect(127, "run", "/bin/ls", err=r"/lib64/ld-linux-x86-64.so.2: give a root.*--root DIR")

    def test_remark_about_refused_calls(self):
        done = self.expect(0, "run", GUEST, "refused", err="")
        self.assertEqual(done.stderr, "")


class Grants(Case):
    def test_nothing_by_default(self):
        out = self.expect(0, "run", GUEST, "show").stdout
        self.assertEqual(re.findall("env <([A-Z]+)=", out), ["PATH", "HOME"])
        self.assertIn("user 0:0\ncwd /\n", out)
        self.expect(1, "run", GUEST, "write-file", "/etc/x", out="No such file or directory\n")

    def test_environment(self):
        host = dict(os.environ, PASSED="p")
        host.pop("UNSET", None)
        out = self.expect(0, "run", "--env", "A=1=2", "--env", "PASSED", "--env", "UNSET", "--env", "HOME=/x",
                          "--env", "EMPTY=", GUEST, "show", env=host).stdout
        for line in ("env <A=1=2>", "env <PASSED=p>", "env <HOME=/x>", "env <EMPTY=>"):
            self.assertIn(line, out)
        self.assertNotIn("UNSET", out)

    def test_user_and_cwd(self):
        out = self.expect(0, "run", "--user", "12", "--cwd", "/tmp", GUEST, "show").stdout
        self.assertIn("user 12:12\ncwd /tmp\n", out)
        self.assertIn("user 1:2", self.expect(0, "run", "--user", "1:2", GUEST, "show").stdout)
        self.expect(125, "run", "--cwd", "/nowhere", GUEST, err="/nowhere is no directory")

    def test_mounts(self):
        with tempfile.TemporaryDirectory() as folder:
            self.expect(1, "run", "--mount", f"{folder}:/d", GUEST, "write-file", "/d/x",
                        out="Read-only file system\n")
            self.expect(1, "run", "--mount", f"{folder}:/d:ro", GUEST, "write-file", "/d/x")
            self.assertEqual(os.listdir(folder), [])
            self.expect(0, "run", "--mount", f"{folder}:/d:rw", GUEST, "write-file", "/d/x", out="written\n")
            self.assertEqual(os.listdir(folder), ["x"])
        self.expect(125, "run", "--mount", "/nonexistent/y:/d", GUEST, err="/nonexistent/y cannot be opened")

    def test_root(self):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(f"{root}/bin")
            with open(GUEST, "rb") as source, open(f"{root}/bin/guest", "wb") as copy:
                copy.write(source.read())
            os.chmod(f"{root}/bin/guest", 0o755)
            self.expect(7, "run", "--root", root, "/bin/guest", "exit")
            self.expect(7, "run", "--root", root, "guest", "exit")
            self.expect(7, "run", "--root", root, "--cwd", "/bin", "./guest", "exit")
            self.expect(1, "run", "--root", root, "guest", "write-file", "/x", out="Read-only file system\n")
            self.expect(0, "run", "--root", f"{root}:rw", "guest", "write-file", "/x")
            self.assertTrue(os.path.exists(f"{root}/x"))
        self.expect(125, "run", "--root", "/nonexistent/z", "x", err="/nonexistent/z cannot be opened")

    def test_host(self):
        with tempfile.TemporaryDirectory() as folder:
            out = self.expect(0, "run", "--host", GUEST, "show", cwd=folder, env={"ONLY": "this"}).stdout
            self.assertEqual(re.findall("env <(.*)>", out), ["ONLY=this"])
            self.assertIn(f"user {os.getuid()}:{os.getgid()}\ncwd {os.path.realpath(folder)}\n", out)
            self.expect(0, "run", "--host", GUEST, "write-file", "here", cwd=folder)
            self.assertEqual(os.listdir(folder), ["here"])

    def test_descriptors(self):
        read_end, write_end = os.pipe()
        os.write(write_end, b"handed on")
        os.close(write_end)
        word = str(read_end)
        self.expect(9, "run", GUEST, "copy", word, pass_fds=[read_end])
        self.expect(0, "run", "--fd", word, GUEST, "copy", word, out="handed on", pass_fds=[read_end])
        os.close(read_end)
        with tempfile.TemporaryFile() as file:
            word = str(file.fileno())
            for options in ["--host"], ["--fd", word]:
                file.seek(0)
                file.write(b"of a file")
                file.seek(3)
                self.expect(0, "run", *options, GUEST, "copy", word, out="a file", pass_fds=[file.fileno()])

    def test_what_epoll_takes(self):
        self.expect(errno.EPERM, "run", GUEST, "watch", stdin=subprocess.DEVNULL)
        self.expect(0, "run", GUEST, "watch", stdin=subprocess.PIPE)
        with open(__file__, "rb") as file:
            self.expect(errno.EPERM, "run", GUEST, "watch", stdin=file)

    def test_word_is_looked_up_in_path(self):
        folder, name = os.path.split(GUEST)
        self.expect(7, "run", name, "exit", env={"PATH": f"/nonexistent:{folder}"})
        self.expect(7, "run", "--host", name, "exit", env={"PATH": folder})
        self.expect(7, "run", name, "exit", env={"PATH": "/nonexistent"}, cwd=folder)


class Budgets(Case):
    def test_instructions(self):
        done = self.expect(124, "run", "--insns", "200k", GUEST, "loop", err="used up its instructions")
        self.assertIn("--insns gives it more", done.stderr)

    def test_time(self):
        self.expect(124, "run", "--time", "50ms", GUEST, "loop", err="used up its time")
        self.expect(124, "run", "--time", "50ms", GUEST, "sleep", err="used up its time")
        # A thousand virtual seconds pass at once.
        self.expect(0, "run", "--deterministic", GUEST, "sleep", err="")
        self.expect(124, "run", "--deterministic", "--time", "999", GUEST, "sleep", err="used up its time")

    def test_memory(self):
        self.expect(124, "run", "--mem", "16M", GUEST, "eat", err="used up its memory .*--mem gives it more")


class Determinism(Case):
    def heap(self, *options):
        """Where the guest's heap begins."""
        trace = self.expect(0, "run", *options, "--strace", GUEST, "show").stderr
        return re.search(r"brk\(NULL\) += (0x[0-9a-f]+)", trace)[1]

    def test_two_runs_are_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            runs = []
            for number in ("1", "2"):
                trace = f"{folder}/{number}"
                done = self.expect(0, "run", "--deterministic", f"--strace={trace}", "--report", GUEST, "show")
                runs.append((done.stdout, done.stderr, read(trace)))
            self.assertEqual(runs[0], runs[1])
            self.assertGreater(len(runs[0][2]), 100)

    def test_seed(self):
        self.assertEqual(self.heap("--seed", "1"), self.heap("--seed", "1"))
        self.assertNotEqual(self.heap("--seed", "1"), self.heap("--seed", "2"))

    def test_no_aslr(self):
        self.assertEqual(self.heap("--no-aslr"), self.heap("--no-aslr"))


class Trace(Case):
    def test_on_standard_error(self):
        done = self.expect(7, "run", "--strace", GUEST, "exit", out="")
        lines = done.stderr.splitlines()
        self.assertRegex(lines[0], r'^execve\("')
        self.assertRegex(lines[-2], r"^exit_group\(7\) += \?$")
        self.assertEqual(lines[-1], "+++ exited with 7 +++")

    def test_to_a_file(self):
        with tempfile.NamedTemporaryFile() as file:
            self.expect(7, "run", f"--strace={file.name}", GUEST, "exit", out="", err="")
            self.assertIn("+++ exited with 7 +++", file.read().decode())
        self.expect(125, "run", "--strace=/dev/full", GUEST, "exit", err="could be written")

    def test_json(self):
        done = self.expect(7, "run", "-q", "--strace-format", "json", GUEST, "exit", out="")
        rows = [json.loads(line) for line in done.stderr.splitlines()]
        self.assertGreater(len(rows), 3)


class Report(Case):
    def test_death(self):
        done = self.expect(139, "run", "--report", GUEST, "crash", out="")
        for part in ("killed by SIGSEGV (Segmentation fault)", "SEGV_MAPERR", "address 0x123456", "<crash_here+",
                     "registers", "rip 0", "instructions of crash_here", "[stack]", "r-xp", "<main+"):
            self.assertIn(part, done.stderr)
        self.assertRegex(done.stderr, r"  > +[0-9a-f]+  mov dword ptr \[")

    def test_life(self):
        done = self.expect(0, "run", "--report", GUEST, "refused")
        self.assertIn("the program exited with 0", done.stderr)
        self.assertIn("kexec_load: 3", done.stderr)
        self.assertIn("unknown numbers: 1", done.stderr)
        self.assertRegex(done.stderr, r"\d+ instructions, \d+ system calls, peak memory \d+ KiB")

    def test_budget(self):
        self.expect(124, "run", "--report", "--insns", "200000", GUEST, "loop", err=r"(?m)^(200|19\d)\d{3} instructions,")


class Signals(Case):
    def start(self, *words, **more):
        """A guest that surely runs: its trace has begun."""
        process = subprocess.Popen([LSTAR, "run", "--strace", *words], stderr=subprocess.PIPE, text=True, **more)
        line = process.stderr.readline()
        while line and "execve" not in line:
            line = process.stderr.readline()
        return process

    def finish(self, process):
        process.stderr.read()
        process.stderr.close()
        return process.wait()

    def test_interrupt(self):
        for deed in ("loop", "sleep"):
            for number in (signal.SIGINT, signal.SIGTERM):
                process = self.start(GUEST, deed)
                process.send_signal(number)
                self.assertEqual(self.finish(process), 128 + number)

    def test_ignored_stays_ignored(self):
        process = self.start("--time", "1", GUEST, "sleep",
                             preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        process.send_signal(signal.SIGHUP)
        self.assertEqual(self.finish(process), 124)

    def test_terminal_modes_come_back(self):
        leader, follower = pty.openpty()
        before = termios.tcgetattr(follower)
        process = self.start(GUEST, "read", stdin=follower)
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(process), 130)
        self.assertEqual(termios.tcgetattr(follower), before)
        os.close(leader)
        os.close(follower)


class Tables(Case):
    def test_text(self):
        out = self.expect(0, "syscalls", err="").stdout
        self.assertRegex(out, r"(?m)^  0  \w+ +read\(fd, buf, count\)")
        self.assertRegex(out, r"\d+ of \d+ are built")

    def test_json(self):
        rows = json.loads(self.expect(0, "syscalls", "--format", "json", err="").stdout)
        numbers = [row["number"] for row in rows]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertTrue(set(range(335)) <= set(numbers))
        self.assertTrue(set(range(424, 470)) <= set(numbers))
        for row in rows:
            self.assertIn(row["support"], ("yes", "partly", "no"))

    def test_page_is_current(self):
        """docs/syscalls.md is what the command prints: lstar syscalls --format md >docs/syscalls.md"""
        self.assertEqual(self.expect(0, "syscalls", "--format", "md").stdout, read(f"{TOP}/docs/syscalls.md"))


if __name__ == "__main__":
    unittest.main()
