#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Do the command's limits hold against an attack? limits.py LSTAR ATTACK [--figures]

--time ends it with status 124 and SIGINT with 130, soon; the host process stays under what --mem and the kernel's
arena allow. How soon is printed with --figures; the test only asks whether it ends at all."""
import os
import signal
import subprocess
import sys
import threading
import time

LSTAR, ATTACK = sys.argv[1:3]
FIGURES = "--figures" in sys.argv
MEM = 64
ALLOWED = MEM + 256 + 96  # MiB: RAM, arena, engine
PATIENCE = 30  # seconds
BUSY = 30  # clock ticks of CPU time after which an attack is under way


def cpu_ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def wait_until_busy(pid):
    """It has worked for a while; or it sleeps, and a second has gone by."""
    begun = time.monotonic()
    while cpu_ticks(pid) < BUSY and time.monotonic() - begun < 1:
        time.sleep(0.01)


def run(*options, interrupt=False):
    """Exit status, seconds from when it should have ended, peak MiB."""
    begun = time.monotonic()
    process = subprocess.Popen([LSTAR, "run", "-q", f"--mem={MEM}M", *options, ATTACK], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    guard = threading.Timer(PATIENCE, process.kill)
    guard.start()
    if interrupt:
        wait_until_busy(process.pid)
        begun = time.monotonic()
        os.kill(process.pid, signal.SIGINT)
    text = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    took = time.monotonic() - begun
    process.returncode = 0
    guard.cancel()
    return os.waitstatus_to_exitcode(status), took, usage.ru_maxrss // 1024, text


def main():
    complaints = []
    name = os.path.basename(ATTACK)
    for what, expected, options, interrupt in [("--time", (124,), ["--time=300ms"], False),
                                               ("SIGINT", (130, 124), [], True)]:
        status, took, peak, text = run(*options, interrupt=interrupt)
        late = took if interrupt else took - 0.3
        if FIGURES:
            print(f"{name:18} {what}: status {status}, {late * 1000:4.0f} ms late, {peak} MiB")
        if status not in expected:
            complaints.append(f"{what}: status {status} instead of {expected[0]}: {text}")
        if peak > ALLOWED:
            complaints.append(f"{what}: {peak} MiB of the host's memory, {ALLOWED} are allowed")
    for complaint in complaints:
        print(f"{name}: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
