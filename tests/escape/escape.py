#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does a guest stay inside? escape.py LSTAR GUEST: folders full of ways out, a terminal, descriptors, an environment
and a process of the host; guest.c tries them all. Afterwards nothing outside of /rw has changed."""
import os
import pty
import stat
import subprocess
import sys
import tempfile
import threading

LSTAR, GUEST = sys.argv[1:]


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def build(top):
    write(f"{top}/secret", "secret")
    for name in ("ro", "rw"):
        folder = f"{top}/{name}"
        os.makedirs(f"{folder}/inner")
        write(f"{folder}/file", "kept")
        os.symlink(f"{top}/secret", f"{folder}/absolute")
        os.symlink("../secret", f"{folder}/relative")
        os.symlink("..", f"{folder}/folder")
        os.symlink("loop", f"{folder}/loop")
        os.symlink(f"/proc/self/root{top}/secret", f"{folder}/proc")
    try:
        os.mknod(f"{top}/rw/device", stat.S_IFCHR | 0o666, os.makedev(10, 200))
    except PermissionError:
        pass  # then opening it fails for want of it


def swap(folder, stop):
    """/rw/swap is by turns a folder and a link out of the grant."""
    os.makedirs(f"{folder}/real")
    os.symlink("..", f"{folder}/out")
    while not stop.is_set():
        for name in ("real", "out"):
            os.rename(f"{folder}/{name}", f"{folder}/swap")
            os.rename(f"{folder}/swap", f"{folder}/{name}")


def main():
    with tempfile.TemporaryDirectory() as top:
        build(top)
        stop = threading.Event()
        swapper = threading.Thread(target=swap, args=(f"{top}/rw", stop))
        swapper.start()
        leader, follower = pty.openpty()
        held = os.open(f"{top}/secret", os.O_RDWR)
        done = subprocess.run([LSTAR, "run", f"--mount={top}/ro:/ro:ro", f"--mount={top}/rw:/rw:rw", GUEST,
                               str(os.getpid())], stdin=follower, pass_fds=[held], check=False,
                              env={**os.environ, "CANARY": "canary"})
        stop.set()
        swapper.join()
        for path, text in (("secret", "secret"), ("ro/file", "kept")):
            with open(f"{top}/{path}", encoding="utf-8") as file:
                if file.read() != text:
                    print(f"{path} has changed")
                    return 1
        os.close(leader)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
