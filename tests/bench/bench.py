#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures CPU and wall time: each case natively, in lstar and under qemu-x86_64, in turn, several rounds.

CPU time is the user and kernel time of the process and its children (getrusage), the median of the rounds. Wall time is the
shortest: what else the machine does can only lengthen it. A new case is a program in programs/
and a row in CASES. Wrong output ends it with status 1; a missed figure does so with `--check` only. `--outputs` runs
every case briefly and compares what it prints in lstar and natively: a test, in which nothing is timed.
"""
import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
from collections import namedtuple


class Goal(namedtuple("Goal", "against clocks at_most rate", defaults=(None,))):
    """A figure to reach: lstar's time as a part of `against`'s, by each of `clocks`; `rate` says it the other way."""

    def __str__(self):
        if self.rate:
            return f">= {self.rate} times the round trips of {self.against}"
        return f"<= {self.at_most} of {self.against}, {' and '.join(self.clocks)}"


def cpu_at_most(part, against="qemu"):
    return Goal(against, ("cpu",), part)


def both_at_most(part):
    return Goal("qemu", ("cpu", "wall"), part)


def round_trips(times):
    return Goal("qemu", ("wall",), round(1 / times, 3), times)


# name, group, rounds (argv[1]), times the program is started, figure to reach, what it is
Case = namedtuple("Case", "name group rounds starts goal text")
CPU = cpu_at_most(1.25)
CASES = [
    Case("integer", "cpu", 90_000_000, 1, CPU, "dependent 64-bit integer operations"),
    Case("fib", "cpu", 36, 1, CPU, "recursive calls"),
    Case("walk", "cpu", 20, 1, CPU, "64 MB read and written in order"),
    Case("chase", "cpu", 40_000_000, 1, CPU, "dependent loads in 4 MB"),
    Case("double", "cpu", 400_000, 1, CPU, "five bodies, double arithmetic"),
    Case("indirect", "cpu", 40_000_000, 1, CPU, "calls through a table"),
    Case("memcpy", "cpu", 300, 1, CPU, "memcpy, memset, 16 bytes to 1 MB"),
    Case("sort", "cpu", 8, 1, CPU, "qsort with a comparison function"),
    Case("sha256", "cpu", 500_000, 1, CPU, "SHA-256 in C"),
    Case("interp", "cpu", 8_000_000, 1, CPU, "a byte-code interpreter"),
    Case("string", "cpu", 120_000, 1, CPU, "printf and string functions"),
    Case("getppid", "syscall", 2_000_000, 1, cpu_at_most(0.55), "the cheapest system call"),
    Case("read", "syscall", 1_000_000, 1, cpu_at_most(0.6), "4 KiB from /dev/zero"),
    Case("write", "syscall", 1_000_000, 1, None, "4 KiB to /dev/null"),
    Case("openclose", "syscall", 300_000, 1, cpu_at_most(0.6), "open and close, tmpfs"),
    Case("stat", "syscall", 500_000, 1, cpu_at_most(0.6), "stat, tmpfs"),
    Case("fault", "memory", 60, 1, cpu_at_most(0.5, "native"), "a fault on a fresh anonymous page"),
    Case("hello", "start", 1, 20, cpu_at_most(0.7), "start-up of a static glibc program"),
    Case("fork", "task", 3_000, 1, both_at_most(0.5), "fork, exit, wait"),
    Case("exec", "task", 200, 1, both_at_most(0.5), "fork and exec of busybox true"),
    Case("shell", "task", 1_000, 1, both_at_most(0.6), "1,000 lines of bash, small commands"),
    Case("futex", "task", 200_000, 1, round_trips(3), "futex to and fro between threads"),
    Case("pipe", "task", 100_000, 1, round_trips(2), "a byte to and fro between processes"),
    Case("signal", "task", 500_000, 1, both_at_most(0.5), "a signal to oneself and back"),
    Case("threads", "task", 10, 1, both_at_most(0.5), "1,000 threads made and joined"),
    Case("epoll", "task", 300_000, 1, both_at_most(0.7), "epoll, 1,000 pipes, one ready"),
]
FIGURE_MEAN = 0.85      # geometric mean of the cpu group against qemu-x86_64
FIGURE_PEAK = 1.2       # peak memory of hello against qemu-x86_64
RUNNERS = ("native", "lstar", "qemu")
CLOCKS = ("cpu", "wall")
BUSYBOX = "/usr/bin/busybox"
SHELL = "/usr/bin/bash-static"
SHELL_COMMANDS = ("cat", "cut", "mv", "rm", "tr", "wc")

HERE = os.path.dirname(os.path.abspath(__file__))


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE",
                        help="which cases (default: all): " + " ".join(c.name for c in CASES))
    parser.add_argument("--lstar", default="lstar", help="the lstar command to measure")
    parser.add_argument("--programs", default="/tmp/lstar-bench", metavar="DIR",
                        help="where the compiled programs are, or are put")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each case (default 5)")
    parser.add_argument("--quick", action="store_true", help="a quarter of the work, 3 rounds")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--check", action="store_true", help="status 1 if a figure is missed")
    parser.add_argument("--outputs", action="store_true",
                        help="do not measure: run briefly, compare what is printed")
    options = parser.parse_args()
    options.programs = os.path.abspath(options.programs)
    known = {case.name for case in CASES}
    for name in options.cases:
        if name not in known:
            parser.error(f"there is no case {name}; there are: {' '.join(sorted(known))}")
    return options


def compile_programs(folder, cases):
    """Compiles what is missing or older than its source: static, as a distribution would."""
    os.makedirs(folder, exist_ok=True)
    header = os.path.join(HERE, "programs", "bench.h")
    sources = [(os.path.join(HERE, "programs", case.name + ".c"), case.name)
               for case in cases if case.name != "shell"]
    for source, name in sources + [(os.path.join(HERE, "measure.c"), "measure")]:
        target = os.path.join(folder, name)
        newest = max(os.path.getmtime(source), os.path.getmtime(header))
        if not os.path.exists(target) or os.path.getmtime(target) < newest:
            subprocess.run(["gcc", "-std=gnu17", "-O2", "-static", source, "-o", target, "-lm"],
                           check=True)


def write_script(lines, options):
    """programs/shell.sh repeated to so many lines, in a file of its own: its path."""
    with open(os.path.join(HERE, "programs", "shell.sh"), encoding="utf-8") as source:
        body = [line for line in source if not line.startswith("#")]
    path = os.path.join(options.programs, f"shell-{lines}.sh")
    with open(path, "w", encoding="utf-8") as script:
        script.write('folder=$1/lstar-bench-shell-$$; mkdir "$folder" && cd "$folder" || exit 1\n')
        script.writelines(body * max(1, lines // len(body)))
        script.write('rmdir "$folder"; echo $sum\n')
    return path


def write_commands(runner, options):
    """A folder of the script's commands: each is busybox, run as the shell itself is run. Its path."""
    folder = os.path.join(options.programs, "commands-" + runner)
    os.makedirs(folder, exist_ok=True)
    interpreter = shutil.which("qemu-x86_64") + " " + BUSYBOX if runner == "qemu" else BUSYBOX
    for name in ("mkdir", "rmdir") + SHELL_COMMANDS:
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as command_file:
            command_file.write(f"#!{interpreter}\n")
        os.chmod(path, 0o755)
    return folder


def command(runner, case, rounds, options):
    """The command line of one case under one runner. The tmpfs is /dev/shm outside, /tmp inside."""
    temporary = "/tmp" if runner == "lstar" else "/dev/shm"
    emulator = [shutil.which("qemu-x86_64")] if runner == "qemu" else []
    program = [os.path.join(options.programs, case.name), str(rounds), temporary]
    mounts = []
    if case.name == "exec":
        program += emulator + [BUSYBOX, "true"]
        mounts = [BUSYBOX]
    if case.name == "shell":
        script, commands = write_script(rounds, options), write_commands(runner, options)
        program = [SHELL, "-c", f"PATH={commands}; . {script}", "shell", temporary]
        mounts = [BUSYBOX, script, commands]
    if runner == "lstar":
        emulator = [options.lstar, "run", "-q"]
        emulator += [f"--mount={path}:{path}:ro" for path in mounts] + ["--"]
    return emulator + program


def measure(words, starts, options):
    """Runs the command so often: seconds of each start by each clock, its peak memory in KiB, its output."""
    reader, writer = os.pipe()
    measure_program = os.path.join(options.programs, "measure")
    shell = ["sh", "-c", f'exec 3>&{writer}; exec "$@"', "sh", measure_program, str(starts)]
    run = subprocess.run(shell + words, stdout=subprocess.PIPE, pass_fds=[writer], check=False)
    os.close(writer)
    with os.fdopen(reader) as figures:
        line = figures.read().split()
    if run.returncode != 0:
        sys.exit(f"bench: {' '.join(words)} ended with status {run.returncode}")
    user, kernel, wall = (float(word) / starts for word in line[:3])
    return {"cpu": user + kernel, "wall": wall, "peak": int(line[3])}, run.stdout


def scaled(case, options):
    """(rounds, starts) of a case for this kind of run."""
    if case.name == "fib":
        return (20 if options.outputs else case.rounds - 3 if options.quick else case.rounds), 1
    if options.outputs:
        return max(1, case.rounds // 1000), 1
    if options.quick:
        return max(1, case.rounds // 4), case.starts
    return case.rounds, case.starts


def run_case(case, runners, options):
    """All rounds of one case, the runners in turn: {runner: {"cpu", "wall": seconds, "peak": KiB}}."""
    rounds, starts = scaled(case, options)
    taken, outputs = {runner: [] for runner in runners}, {}
    for _ in range(options.rounds or (3 if options.quick else 5)):
        for runner in runners:
            words = command(runner, case, rounds, options)
            figures, outputs[runner] = measure(words, starts, options)
            taken[runner].append(figures)
    if len(set(outputs.values())) != 1:
        sys.exit(f"bench: {case.name} prints different things: {outputs}")
    choices = {"cpu": statistics.median, "wall": min, "peak": statistics.median}
    return {runner: {key: choose(figures[key] for figures in taken[runner])
                     for key, choose in choices.items()} for runner in runners}


def compare_outputs(cases, options):
    """The test: each program prints in lstar what it prints natively."""
    failed = 0
    for case in cases:
        rounds, _ = scaled(case, options)
        outputs = []
        for runner in ("native", "lstar"):
            run = subprocess.run(command(runner, case, rounds, options), stdout=subprocess.PIPE,
                                 check=False)
            outputs.append((run.returncode, run.stdout))
        if outputs[0] != outputs[1] or outputs[0][0] != 0:
            failed += 1
            print(f"{case.name}: natively {outputs[0]}, in lstar {outputs[1]}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def row_of(case, result):
    """One row of the result: seconds, ratios, and whether the figure to reach is reached."""
    row = {"case": case.name, "group": case.group, "text": case.text}
    for runner, figures in result.items():
        row[runner] = {"seconds": round(figures["cpu"], 6), "wall_seconds": round(figures["wall"], 6),
                       "peak_kib": figures["peak"]}
    for other in ("qemu", "native"):
        for clock in CLOCKS:
            ratio = result["lstar"][clock] / max(result[other][clock], 1e-6)
            row[("wall_" if clock == "wall" else "") + "against_" + other] = round(ratio, 3)
    if case.goal:
        values = [row[("wall_" if clock == "wall" else "") + "against_" + case.goal.against]
                  for clock in case.goal.clocks]
        row["goal"] = {"against": case.goal.against, "clocks": case.goal.clocks,
                       "at_most": case.goal.at_most, "text": str(case.goal)}
        row["reached"] = max(values) <= case.goal.at_most
    return row


def summary_of(rows):
    """The geometric mean of the cpu group and the peak memory of hello, with their figures."""
    summary = {}
    ratios = [r["against_qemu"] for r in rows if r["group"] == "cpu"]
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        summary["cpu_mean_against_qemu"] = {"value": round(mean, 3), "at_most": FIGURE_MEAN,
                                            "cases": len(ratios), "reached": mean <= FIGURE_MEAN}
    for row in rows:
        if row["case"] == "hello":
            peak = row["lstar"]["peak_kib"] / row["qemu"]["peak_kib"]
            summary["hello_peak_against_qemu"] = {"value": round(peak, 3), "at_most": FIGURE_PEAK,
                                                  "reached": peak <= FIGURE_PEAK}
    return summary


HEADING = (f"{'':<10}{'CPU ms':>8}{'':>16}{'':>14} {'wall ms':>8}\n"
           f"{'case':<10}" + f"{'native':>8}{'lstar':>8}{'qemu':>8}{'/qemu':>7}{'/native':>8} " * 2
           + " what, figure to reach")


def print_row(row):
    line = f"{row['case']:<10}"
    for seconds, prefix in (("seconds", ""), ("wall_seconds", "wall_")):
        line += "".join(f"{row[runner][seconds] * 1000:8.1f}" for runner in RUNNERS)
        line += f"{row[prefix + 'against_qemu']:7.2f}{row[prefix + 'against_native']:8.2f} "
    line += f" {row['text']:<36}"
    if "goal" in row:
        line += row["goal"]["text"] + (": met" if row["reached"] else ": MISSED")
    print(line, flush=True)


def main():
    options = parse_arguments()
    cases = [c for c in CASES if not options.cases or c.name in options.cases]
    compile_programs(options.programs, cases)
    if options.outputs:
        return compare_outputs(cases, options)
    if not shutil.which("qemu-x86_64"):
        sys.exit("bench: qemu-x86_64 is missing; install the package qemu-user, or use tools/bench")
    if not shutil.which(options.lstar):
        sys.exit(f"bench: there is no {options.lstar}; build it (tools/build release)")
    if not options.json:
        print(HEADING)
    rows = []
    for case in cases:
        rows.append(row_of(case, run_case(case, RUNNERS, options)))
        if not options.json:
            print_row(rows[-1])
    summary = summary_of(rows)
    figures = [row for row in rows if "goal" in row] + list(summary.values())
    missed = sum(not figure["reached"] for figure in figures)
    if options.json:
        print(json.dumps({"cases": rows, "summary": summary, "missed": missed}, indent=2))
    else:
        for name, entry in summary.items():
            print(f"{name.replace('_', ' ')}: {entry['value']:.2f} (at most {entry['at_most']}: "
                  f"{'met' if entry['reached'] else 'MISSED'})")
        print(f"{len(figures) - missed} of {len(figures)} figures met")
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
