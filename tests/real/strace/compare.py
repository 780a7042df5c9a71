#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does `lstar run --strace` print what strace(1) prints?

  compare.py --list
  compare.py --lstar PATH --programs DIR [--show] NAME...

Each case is run under Debian's strace and under lstar --host, in the same folder with the same environment; the two traces must
agree line by line once what differs between any two runs is masked: addresses, numbers of processes, times, random bytes,
limits. Of programs with several processes (strace -f) the lines of each process must agree; what strace cuts in two because
another process came in between is put together again. SIGCHLD may come between any two calls, and several as one: of
shells its lines are left out, of our own programs they are compared by themselves; so are the shells' waits, for their children
end in any order. A call that is made again after SIGCHLD is shown once.
"""
import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

BUSYBOX = "/bin/busybox"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/nowhere"}

# Name: command line; {p} is the folder of our own programs.
CASES = {
    "true": "busybox true",
    "echo": "busybox echo one two",
    "cat": "busybox cat text binary",
    "cat-missing": "busybox cat missing",
    "sha256sum": "busybox sha256sum text binary",
    "ls": "busybox ls -la few",
    "wc": "busybox wc text",
    "sort": "busybox sort -r text",
    "sed": "busybox sed -n s/line/LINE/p text",
    "awk": "busybox awk '{n += length($0)} END {print n}' text",
    "head": "busybox head -c 100 binary",
    "cp": "busybox cp -p text copy",
    "mv-rm": "busybox sh -c 'mv(){ :; }; cd few; echo $PWD; : >new; read line <a; echo $line'",
    "mkdir": "busybox mkdir -p a/b/c",
    "touch": "busybox touch -d 2020-02-03 text",
    "ln": "busybox ln -s text link",
    "find": "busybox find few -type f",
    "gzip": "busybox gzip -c text",
    "dd": "busybox dd if=binary of=out bs=1000 count=3",
    "od": "busybox od -c binary",
    "date": "busybox date -u -d @0",
    "id": "busybox id -u",
    "loop": "busybox sh -c 'i=0; while [ $i -lt 20 ]; do i=$((i+1)); done; echo $i; trap \"\" TERM; umask 22'",
    "files": "{p}/files",
    "numbers": "{p}/numbers",
    "signals": "{p}/signals",
    "system": "{p}/system",
    "waiting": "{p}/waiting",
    "musl": "{p}/musl",
    "abort": "{p}/ends abort",
    "segv": "{p}/ends segv",
    "exit": "{p}/ends 300",
}

# Several processes or threads.
FAMILIES = {
    "processes": "{p}/processes",
    "pipeline": "busybox sh -c 'cat text | sort -r | wc; (exit 3); echo $?'",
    "substitution": "busybox sh -c 'a=$(cat few/a); b=`echo $a | wc -c`; echo $a $b'",
    "background": "busybox sh -c 'cat few/a few/b >new & wait $!; echo $?; cat new'",
    "xargs": "busybox find few -type f -exec cat {} +",
}
CASES |= FAMILIES

# The host's vDSO answers these without a call; lstar has none. Our own programs make them as calls.
IN_VDSO = ("time(", "clock_gettime(", "gettimeofday(", "getcpu(")


def mask(line):
    line = line.rstrip("\n")
    line = re.sub(r"0x[0-9a-f]{5,}", "ADDR", line)
    line = re.sub(r"^(t?g?kill|rt_t?g?sigqueueinfo)\(\d+", r"\1(PID", line)
    line = re.sub(r"^(tgkill|rt_tgsigqueueinfo)\(PID, \d+", r"\1(PID, PID", line)
    line = re.sub(r"^(getp?p?[gpst]id|gettid|getpgrp|set_tid_address|fork|vfork|clone|wait4)(\(.*\) +)= \d+",
                  r"\1\2= PID", line)
    line = re.sub(r"si_pid=\d+", "si_pid=PID", line)
    line = re.sub(r"tv_sec=-?\d+, tv_(n|u)sec=\d+", "TIME", line)
    line = re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+\+0000", "DATE", line)
    line = re.sub(r"rlim_(cur|max)=[^,}]+", r"rlim_\1=LIMIT", line)
    line = re.sub(r'^getrandom\(".*"(\.\.\.)?', r"getrandom(BYTES\1", line)
    line = re.sub(r"^(time|times)\((.*)\) *= \d+", r"\1(\2) = TIME", line)
    line = re.sub(r"^time\(\[\d+", "time([TIME", line)
    line = re.sub(r"tms_(\w+)=\d+", r"tms_\1=N", line)
    line = re.sub(r"^sysinfo\({.*}\)", "sysinfo(INFO)", line)
    line = re.sub(r'nodename="[^"]*"', "nodename=NAME", line)
    line = re.sub(r"si_utime=\d+( /\*.*?\*/)?, si_stime=\d+( /\*.*?\*/)?", "TIMES", line)
    line = re.sub(r"/\* \d+ vars? \*/", "/* VARS */", line)
    return re.sub(r" +", " ", line)


def traced(path, ours):
    left_out = () if ours else IN_VDSO
    with open(path, encoding="utf-8", errors="replace") as file:
        return [mask(line) for line in file if not line.startswith(left_out)]


# Where numbers of processes stand.
NUMBERED = [re.compile(rf"({where})(\d+)\b") for where in (
    r"^(?:t?g?kill|wait4)\(", r"^tgkill\(\w+, ", r"si_pid=", r"P_PID, ", r"_tid=\[", r"FUTEX_CLOCK_REALTIME, ",
    r"^(?:getpid|gettid|getppid|set_tid_address|fork|vfork|clone|clone3|wait4)\(.*\) += ")]


def joined(lines):
    """{process: its lines}, with calls put together that others cut."""
    processes, begun = {}, {}
    for line in lines:
        bracketed, bare, rest = re.match(r"(?:\[pid +(\d+)\] |(\d+) +)?(.*)", line).groups()
        number = bracketed or bare or "1"  # lstar names the first one only beside others
        if rest.endswith("<unfinished ...>"):
            begun[number] = rest.removesuffix("<unfinished ...>").rstrip(" ")
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", rest)
        if resumed:
            start, end = begun.pop(number), resumed.group(1)
            rest = start + (end if start.endswith("(") or end.startswith((",", ")", "]", "}")) else " " + end)
        processes.setdefault(number, []).append(rest)
    for number, rest in begun.items():
        processes.setdefault(number, []).append(rest)
    return processes


def families(path, shell):
    """The lines of each process, parents first, children in the order in which they were made."""
    with open(path, encoding="utf-8", errors="replace") as file:
        processes = joined(line.rstrip("\n") for line in file)
    order, made = [next(iter(processes))], re.compile(r"(?:fork|vfork|clone|clone3)\(.*\) += (\d+)$")
    for number in order:
        for line in processes[number]:
            child = made.match(line)
            if child and child.group(1) in processes and child.group(1) not in order:
                order.append(child.group(1))
    text, names = [], {number: f"P{index}" for index, number in enumerate(order)}
    for index, number in enumerate(order):
        text.append(f"process {index}:")
        died = []
        for line in processes.get(number, []):
            for where in NUMBERED:
                line = where.sub(lambda m: m[1] + names.get(m[2], m[2]), line)
            line = mask(line)
            line = re.sub(r"^(\w+)\( ", r"\1(", line)
            if line.startswith(IN_VDSO) or "= ? ERESTARTSYS" in line:
                continue
            if shell and line.startswith(("--- SIGCHLD", "rt_sigreturn(")):
                continue
            (died if line.startswith(("--- SIGCHLD", "wait4(") if shell else "--- SIGCHLD") else text).append(line)
        text += sorted(died)
    return text


def prepare(folder):
    os.mkdir(folder)
    with open(f"{folder}/text", "w", encoding="ascii") as file:
        file.writelines(f"line {i} of {i * i % 97}\n" for i in range(300))
    with open(f"{folder}/binary", "wb") as file:
        file.write(bytes(i * 7 % 256 for i in range(5000)))
    os.mkdir(f"{folder}/few")
    for name in "a", "b":
        with open(f"{folder}/few/{name}", "w", encoding="ascii") as file:
            file.write(name * 10 + "\n")
    for name in "text", "binary", "few/a", "few/b", "few":
        os.utime(f"{folder}/{name}", (1e9, 1e9))


def run(command, folder, out):
    with open(out, "wb") as stdout, open(os.devnull, "rb") as stdin:
        return subprocess.run(command, cwd=folder, env=ENVIRONMENT, stdin=stdin, stdout=stdout,
                              stderr=subprocess.DEVNULL, timeout=60, check=False).returncode


def judge(name, options, base):
    if name not in CASES:
        sys.exit(f"no case is called {name}; --list tells")
    words = subprocess.run(["sh", "-c", "printf '%s\\n' " + CASES[name].replace("{p}", options.programs)],
                           stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    if words[0] == "busybox":
        words[0] = BUSYBOX
    traces, status, outputs = [], [], []
    for kind in "native", "lstar":
        folder = f"{base}/work"
        prepare(folder)
        trace = f"{base}/{name}.{kind}"
        if kind == "native":
            command = ["strace", *(["-f"] if name in FAMILIES else []), "-o", trace, *words]
        else:
            command = [options.lstar, "run", "-q", "--host", f"--strace={trace}", "--", *words]
        status.append(run(command, folder, f"{base}/out"))
        with open(f"{base}/out", "rb") as out:
            outputs.append(out.read())
        shutil.rmtree(folder)
        traces.append(families(trace, "{p}" not in CASES[name]) if name in FAMILIES else traced(trace, "{p}" in CASES[name]))
    differences = list(difflib.unified_diff(traces[0], traces[1], "strace", "lstar", lineterm="", n=1))
    good = not differences and (status[0] == status[1] or status[0] < 0) and outputs[0] == outputs[1]
    print(("ok   " if good else "FAIL ") + f"{name}: {len(traces[0])} lines")
    if not good:
        print(f"  exit status {status[0]} and {status[1]}, output {'agrees' if outputs[0] == outputs[1] else 'differs'}")
        print("\n".join("  " + line for line in differences[:200]))
    if options.show:
        with open(f"{base}/{name}.lstar", encoding="utf-8") as file:
            print(file.read())
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--lstar")
    parser.add_argument("--programs")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if options.list:
        print("\n".join(CASES))
        return
    options.lstar = os.path.abspath(options.lstar)
    options.programs = os.path.abspath(options.programs)
    with tempfile.TemporaryDirectory(prefix="lstar-strace-") as base:
        failed = [name for name in options.names or CASES if not judge(name, options, base)]
    sys.exit(1 if failed else 0)


main()
