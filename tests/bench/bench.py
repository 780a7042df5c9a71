#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures CPU time: each case natively, in lstar and under qemu-x86_64, in turn, medians of several rounds.

What is compared is user and kernel time of the process (getrusage), never the clock on the wall. A new case is a
program in programs/ and a row in CASES. `--check` runs every case briefly and compares what it prints: a test.
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

# name, group, rounds (argv[1]), times the program is started, figure to reach: (against, ratio), what it is
Case = namedtuple("Case", "name group rounds starts goal text")
CPU = ("qemu", 1.25)
CASES = [
    Case("integer", "cpu", 90_000_000, 1, CPU, "dependent 64-bit integer operations"),
    Case("fib", "cpu", 36, 1, CPU, "recursive calls"),
    Case("walk", "cpu", 20, 1, CPU, "64 MB read and written in order"),
    Case("chase", "cpu", 40_000_000, 1, CPU, "dependent loads in 4 MB"),
    Case("double", "cpu", 400_000, 1, CPU, "five bodies, double arithmetic"),
    Case("indirect", "cpu", 40_000_000, 1, CPU, "calls through a table"),
    Case("memcpy", "cpu", 300, 1, CPU, "memcpy and memset, 16 bytes to 1 MB"),
    Case("sort", "cpu", 8, 1, CPU, "qsort with a comparison function"),
    Case("sha256", "cpu", 500_000, 1, CPU, "SHA-256 in C"),
    Case("interp", "cpu", 8_000_000, 1, CPU, "a byte-code interpreter"),
    Case("string", "cpu", 120_000, 1, CPU, "printf and string functions"),
    Case("getppid", "syscall", 2_000_000, 1, ("qemu", 0.55), "the cheapest system call"),
    Case("read", "syscall", 1_000_000, 1, ("qemu", 0.6), "4 KiB from /dev/zero"),
    Case("write", "syscall", 1_000_000, 1, None, "4 KiB to /dev/null"),
    Case("openclose", "syscall", 300_000, 1, ("qemu", 0.6), "open and close, tmpfs"),
    Case("stat", "syscall", 500_000, 1, ("qemu", 0.6), "stat, tmpfs"),
    Case("fault", "memory", 60, 1, ("native", 0.5), "a fault on a fresh anonymous page"),
    Case("hello", "start", 1, 20, ("qemu", 0.7), "start-up of a static glibc program"),
]
FIGURE_MEAN = 0.85      # geometric mean of the cpu group against qemu-x86_64
FIGURE_PEAK = 1.2       # peak memory of hello against qemu-x86_64
RUNNERS = ("native", "lstar", "qemu")

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
    parser.add_argument("--check", action="store_true",
                        help="do not measure: run briefly, compare what is printed")
    options = parser.parse_args()
    known = {case.name for case in CASES}
    for name in options.cases:
        if name not in known:
            parser.error(f"there is no case {name}; there are: {' '.join(sorted(known))}")
    return options


def compile_programs(folder, cases):
    """Compiles what is missing or older than its source: static, as a distribution would."""
    os.makedirs(folder, exist_ok=True)
    header = os.path.join(HERE, "programs", "bench.h")
    sources = [(os.path.join(HERE, "programs", case.name + ".c"), case.name) for case in cases]
    for source, name in sources + [(os.path.join(HERE, "measure.c"), "measure")]:
        target = os.path.join(folder, name)
        newest = max(os.path.getmtime(source), os.path.getmtime(header))
        if not os.path.exists(target) or os.path.getmtime(target) < newest:
            subprocess.run(["gcc", "-std=gnu17", "-O2", "-static", source, "-o", target, "-lm"],
                           check=True)


def command(runner, case, rounds, options):
    """The command line of one case under one runner. The tmpfs is /dev/shm outside, /tmp inside."""
    program = [os.path.join(options.programs, case.name), str(rounds),
               "/tmp" if runner == "lstar" else "/dev/shm"]
    if runner == "native":
        return program
    if runner == "qemu":
        return [shutil.which("qemu-x86_64")] + program
    return [options.lstar, "run", "-q", "--"] + program


def measure(words, starts, options):
    """Runs the command so often: its CPU seconds for each start, its peak memory in KiB, its output."""
    reader, writer = os.pipe()
    measure_program = os.path.join(options.programs, "measure")
    shell = ["sh", "-c", f'exec 3>&{writer}; exec "$@"', "sh", measure_program, str(starts)]
    run = subprocess.run(shell + words, stdout=subprocess.PIPE, pass_fds=[writer], check=False)
    os.close(writer)
    with os.fdopen(reader) as figures:
        line = figures.read().split()
    if run.returncode != 0:
        sys.exit(f"bench: {' '.join(words)} ended with status {run.returncode}")
    return (float(line[0]) + float(line[1])) / starts, int(line[2]), run.stdout


def scaled(case, options):
    """(rounds, starts) of a case for this kind of run."""
    if case.name == "fib":
        return (20 if options.check else case.rounds - 3 if options.quick else case.rounds), 1
    if options.check:
        return max(1, case.rounds // 1000), 1
    if options.quick:
        return max(1, case.rounds // 4), case.starts
    return case.rounds, case.starts


def run_case(case, runners, options):
    """All rounds of one case, the runners in turn: {runner: (median seconds, peak KiB)}."""
    rounds, starts = scaled(case, options)
    times, peaks, outputs = {}, {}, {}
    for _ in range(options.rounds or (3 if options.quick else 5)):
        for runner in runners:
            words = command(runner, case, rounds, options)
            seconds, peak, outputs[runner] = measure(words, starts, options)
            times.setdefault(runner, []).append(seconds)
            peaks.setdefault(runner, []).append(peak)
    if len(set(outputs.values())) != 1:
        sys.exit(f"bench: {case.name} prints different things: {outputs}")
    return {r: (statistics.median(times[r]), statistics.median(peaks[r])) for r in runners}


def check(cases, options):
    """The test: each program prints in lstar what it prints natively."""
    failed = 0
    for case in cases:
        rounds, _ = scaled(case, options)
        outputs = []
        for runner in ("native", "lstar"):
            run = subprocess.run(command(runner, case, rounds, options), stdout=subprocess.PIPE,
                                 check=False)
            outputs.append((run.returncode, run.stdout))
        if outputs[0] != outputs[1]:
            failed += 1
            print(f"{case.name}: natively {outputs[0]}, in lstar {outputs[1]}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def row_of(case, result):
    """One row of the result: seconds, ratios, and whether the figure to reach is reached."""
    row = {"case": case.name, "group": case.group, "text": case.text}
    for runner, (seconds, peak) in result.items():
        row[runner] = {"seconds": round(seconds, 6), "peak_kib": peak}
    if "lstar" in result:
        for other in ("qemu", "native"):
            if other in result:
                row["against_" + other] = round(result["lstar"][0] / result[other][0], 3)
    if case.goal and "against_" + case.goal[0] in row:
        row["goal"] = {"against": case.goal[0], "at_most": case.goal[1]}
        row["reached"] = row["against_" + case.goal[0]] <= case.goal[1]
    return row


def summary_of(rows):
    """The geometric mean of the cpu group and the peak memory of hello, with their figures."""
    summary = {}
    ratios = [r["against_qemu"] for r in rows if r["group"] == "cpu" and "against_qemu" in r]
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        summary["cpu_mean_against_qemu"] = {"value": round(mean, 3), "at_most": FIGURE_MEAN,
                                            "cases": len(ratios), "reached": mean <= FIGURE_MEAN}
    for row in rows:
        if row["case"] == "hello" and "lstar" in row and "qemu" in row:
            peak = row["lstar"]["peak_kib"] / row["qemu"]["peak_kib"]
            summary["hello_peak_against_qemu"] = {"value": round(peak, 3), "at_most": FIGURE_PEAK,
                                                  "reached": peak <= FIGURE_PEAK}
    return summary


def print_row(row):
    def milliseconds(runner):
        return f"{row[runner]['seconds'] * 1000:9.1f}" if runner in row else f"{'-':>9}"

    def ratio(other):
        return f"{row['against_' + other]:7.2f}" if "against_" + other in row else f"{'-':>7}"

    goal = ""
    if "goal" in row:
        goal = f"<= {row['goal']['at_most']} of {row['goal']['against']}"
        goal += "" if row["reached"] else "  MISSED"
    print(f"{row['case']:<10}{milliseconds('native')}{milliseconds('lstar')}{milliseconds('qemu')}"
          f"{ratio('qemu')}{ratio('native')}  {row['text']:<40}{goal}", flush=True)


def main():
    options = parse_arguments()
    cases = [c for c in CASES if not options.cases or c.name in options.cases]
    compile_programs(options.programs, cases)
    if options.check:
        return check(cases, options)
    if not shutil.which("qemu-x86_64"):
        sys.exit("bench: qemu-x86_64 is missing; install the package qemu-user, or use tools/bench")
    if not shutil.which(options.lstar):
        sys.exit(f"bench: there is no {options.lstar}; build it (tools/build release)")
    if not options.json:
        print(f"{'case':<10}{'native':>9}{'lstar':>9}{'qemu':>9}{'/qemu':>7}{'/native':>7}"
              "  what (CPU ms, medians)")
    rows = []
    for case in cases:
        rows.append(row_of(case, run_case(case, RUNNERS, options)))
        if not options.json:
            print_row(rows[-1])
    summary = summary_of(rows)
    if options.json:
        print(json.dumps({"cases": rows, "summary": summary}, indent=2))
    else:
        for name, entry in summary.items():
            print(f"{name.replace('_', ' ')}: {entry['value']:.2f} (at most {entry['at_most']}"
                  f"{'' if entry['reached'] else ', MISSED'})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
