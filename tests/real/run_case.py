#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs one real program natively and in lstar, each in its own copy of the same folder, and compares what came of it:
exit status, standard output, standard error, and every file of the folder. The native run is the expectation.

  run_case.py --list                                one line a case: name, labels
  run_case.py --lstar PATH [--keep] NAME...         runs these cases (a name may be a family: busybox)

Cases are rows in cases/*.py. A case names a command line (split as a shell would), and may ask for standard input, a
script, another mount, or that something is left out of the comparison. Inputs come from inputs.py, the same every time.
"""
import argparse
import glob
import hashlib
import os
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile

import inputs

HERE = os.path.dirname(os.path.abspath(__file__))
CACHE = os.path.join(os.environ.get("LSTAR_CACHE", os.path.expanduser("~/.cache/lstar")), "real")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/nowhere", "LC_ALL": "C", "TZ": "UTC",
               "TERM": "dumb"}
SAFETY_NET = 1500       # seconds; CTest's own limit is what a user sees


class Case:
    """name: family/what. command: {bin} stands for the folder of programs built by prepare, {programs} for the sources here.

    stdin:   text or bytes; script: text that becomes the argument {script}; env: further variables;
    inputs:  which of inputs.py's sets the folder holds; labels: CTest labels beside `real`;
    host:    run under --host (dynamically linked programs) instead of with the folder mounted at /work;
    options: further options of lstar; stderr: False leaves it out of the comparison;
    ignore:  files whose contents may differ; follow: a command run natively afterwards in both folders, its output compared.
    """
    all = {}

    def __init__(self, name, command, stdin=b"", script=None, env=None, inputs="small", labels=(),
                 host=False, options=(), stderr=True, timeout=300, ignore=(), follow=None):
        self.name, self.command, self.script = name, command, script
        self.stdin = stdin.encode() if isinstance(stdin, str) else stdin
        self.environment = {**ENVIRONMENT, **(env or {})}
        self.inputs, self.labels, self.host = inputs, labels, host
        self.options, self.stderr, self.timeout = list(options), stderr, timeout
        self.ignore, self.follow = ignore, follow
        if name in Case.all:
            raise ValueError(f"two cases are called {name}")
        Case.all[name] = self

    def words(self):
        folders = {"{bin}": os.path.join(CACHE, "bin"), "{programs}": os.path.join(HERE, "programs")}
        command = self.command
        for name, folder in folders.items():
            command = command.replace(name, folder)
        return [self.script if w == "{script}" else w for w in shlex.split(command)]


def load_cases():
    for path in sorted(glob.glob(os.path.join(HERE, "cases", "*.py"))):
        with open(path, encoding="utf-8") as source:
            exec(compile(source.read(), path, "exec"), {"Case": Case})  # pylint: disable=exec-used


def native_command(case, words, _folder):
    program = words[0] if "/" in words[0] else shutil.which(words[0], path=ENVIRONMENT["PATH"])
    if not program:
        sys.exit(f"{case.name}: {words[0]} is missing; run tests/real/prepare")
    return [program] + words[1:]


def lstar_command(case, words, folder, lstar):
    options = ["--user", f"{os.getuid()}:{os.getgid()}"]
    if case.host:
        options += ["--host"]
    else:
        options += ["--mount", f"{folder}:/work:rw", "--cwd", "/work"]
        for name, value in case.environment.items():
            options += ["--env", f"{name}={value}"]
    return [lstar, "run", "-q"] + options + case.options + ["--"] + native_command(case, words, folder)


def run(command, case, folder, where):
    """Runs it in the folder; its streams go to files below `where`. Returns the exit status as a shell's."""
    with open(where + ".out", "wb") as out, open(where + ".err", "wb") as err, \
            open(where + ".in", "w+b") as stdin:
        stdin.write(case.stdin)
        stdin.seek(0)
        status = subprocess.run(command, cwd=folder, stdin=stdin, stdout=out, stderr=err,
                                env=case.environment, timeout=SAFETY_NET, check=False,
                                umask=0o022).returncode
    return 128 - status if status < 0 else status


def digest(path):
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            sha.update(block)
    return sha.hexdigest()[:16]


def listing(folder, ignore):
    """What a folder holds, one line an entry: kind and mode, size, links, and the contents' hash or the link's target."""
    lines = []
    for parent, folders, files in os.walk(folder):
        for name in sorted(folders + files):
            path = os.path.join(parent, name)
            st = os.lstat(path)
            what = ""
            if os.path.relpath(path, folder) in ignore:
                what = "is there"
            elif stat.S_ISREG(st.st_mode):
                what = f"{st.st_size} {st.st_nlink} {digest(path)}"
            elif stat.S_ISLNK(st.st_mode):
                what = "-> " + os.readlink(path)
            lines.append(f"{os.path.relpath(path, folder)} {st.st_mode:o} {what}")
    return sorted(lines)


def show_difference(what, want, got):
    print(f"--- {what}: natively (-), in lstar (+)")
    with tempfile.NamedTemporaryFile() as a, tempfile.NamedTemporaryFile() as b:
        a.write(want)
        b.write(got)
        a.flush()
        b.flush()
        out = subprocess.run(["diff", "-a", "-U2", a.name, b.name], capture_output=True, check=False)
    print(b"\n".join(out.stdout.split(b"\n")[2:40]).decode(errors="backslashreplace"))


def start_of(path, folder):
    """The first megabyte of a stream, with the name of the folder as the guest knows it."""
    with open(path, "rb") as file:
        return file.read(1 << 20).replace(folder.encode(), b"/work")


def same(paths, folders):
    if digest(paths[0]) == digest(paths[1]):
        return True
    return max(map(os.path.getsize, paths)) < 1 << 20 and \
        start_of(paths[0], folders[0]) == start_of(paths[1], folders[1])


def perform(case, kind, lstar, base):
    """Lays the folder and runs the case one way: its status and what the folder holds then."""
    folder = os.path.join(base, kind, "work")
    inputs.lay(case.inputs, os.path.join(CACHE, "inputs"), folder)
    command = native_command(case, case.words(), folder) if kind == "native" else \
        lstar_command(case, case.words(), folder, lstar)
    if kind == "lstar":
        print("$ " + " ".join(shlex.quote(w) for w in command)[:2000], flush=True)
    status = run(command, case, folder, folder + "-run")
    tree = "\n".join(listing(folder, case.ignore))
    if case.follow:
        tree += subprocess.run(case.follow, shell=True, cwd=folder, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, check=False).stdout.decode()
    return status, tree.encode()


def judge(case, lstar, base):
    """Runs the case both ways and compares. True if all is the same."""
    status, trees = zip(*(perform(case, kind, lstar, base) for kind in ("native", "lstar")))
    folders = [os.path.join(base, kind, "work") for kind in ("native", "lstar")]
    good = status[0] == status[1]
    if not good:
        print(f"--- exit status: natively {status[0]}, in lstar {status[1]}")
    for stream in ("out", "err"):
        paths = [f"{folder}-run.{stream}" for folder in folders]
        if (stream == "err" and not case.stderr) or same(paths, folders):
            continue
        good = False
        show_difference("standard " + {"out": "output", "err": "error"}[stream],
                        *(start_of(path, folder) for path, folder in zip(paths, folders)))
    if trees[0] != trees[1]:
        good = False
        show_difference("files", *trees)
    if not good and not case.stderr:
        print(start_of(folders[1] + "-run.err", folders[1]).decode(errors="backslashreplace"))
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--lstar")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--keep", action="store_true", help="leave the folders and say where they are")
    options = parser.parse_args()
    load_cases()
    if options.list:
        for case in Case.all.values():
            print(f"{case.name}|{case.timeout}|{','.join(('real',) + tuple(case.labels))}")
        return 0
    if not options.lstar:
        parser.error("--lstar PATH is missing")
    chosen = [c for c in Case.all.values() if not options.names or c.name in options.names
              or c.name.split("/")[0] in options.names]
    if not chosen:
        parser.error("no such case; --list shows them")
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    failed = []
    for case in chosen:
        base = tempfile.mkdtemp(prefix="lstar-real-")
        if not judge(case, os.path.abspath(options.lstar), base):
            failed.append(case.name)
            print(f"{case.name}: DIFFERENT", flush=True)
        if options.keep:
            print("kept:", base)
        else:
            shutil.rmtree(base, ignore_errors=True)
    print(f"{len(chosen) - len(failed)} passed, {len(failed)} failed"
          + (": " + " ".join(failed) if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
