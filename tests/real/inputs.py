# SPDX-License-Identifier: GPL-2.0-or-later
"""The folders that real programs work in: made once in the cache, the same every time, then copied for each run."""
import bz2
import gzip
import io
import lzma
import os
import random
import shutil
import subprocess
import tarfile
import tempfile
import zipfile

VERSION = "2"           # a new one makes all inputs anew
WHEN = 1_600_000_000    # every file's time


# Sets that are parts of this tree, as it is now.
TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PARTS = {"bundle": ["tests/real/programs/bundle"],
         "project": ["README.md", "docs", "tools", "syscall_table", "src", "tests/real"]}


def lay_parts(parts, target):
    os.makedirs(target)
    for part in parts:
        source = os.path.normpath(os.path.join(TOP, part))
        if os.path.isdir(source):
            shutil.copytree(source, os.path.join(target, os.path.basename(source)), symlinks=True)
        else:
            shutil.copy(source, target)


def lay(name, cache, target):
    """A fresh copy of the input set `name` at `target`."""
    if name in PARTS:
        # Both runs of a case get the same, whatever is edited meanwhile.
        pristine = os.path.normpath(os.path.join(target, "..", "..", "parts"))
        if not os.path.isdir(pristine):
            lay_parts(PARTS[name], pristine)
        shutil.copytree(pristine, target, symlinks=True)
        set_times(target)
        return
    source = os.path.join(cache, f"{name}-{VERSION}")
    if not os.path.isdir(source):
        os.makedirs(cache, exist_ok=True)
        new = tempfile.mkdtemp(dir=cache)
        os.chmod(new, 0o755)
        SETS[name](new)
        set_times(new)
        try:
            os.rename(new, source)
        except OSError:         # another test was faster
            shutil.rmtree(new)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copytree(source, target, symlinks=True)
    set_times(target)


def set_times(folder):
    for parent, folders, files in os.walk(folder, topdown=False):
        for entry in files + folders:
            os.utime(os.path.join(parent, entry), (WHEN, WHEN), follow_symlinks=False)
    os.utime(folder, (WHEN, WHEN))


def write(folder, name, data):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)


def words(rng, count):
    syllables = ["ka", "lo", "mi", "ter", "ra", "vel", "sun", "po", "dri", "nax"]
    return ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(count)]


def make_small(folder):
    """About two megabytes: text, tables, binary data, packed files, folders, links, odd names."""
    rng = random.Random(3)
    text = "\n".join(" ".join(words(rng, rng.randint(0, 14))) for _ in range(4000)) + "\n"
    table = "".join(f"{rng.randint(1, 999)}\t{w}\t{rng.random() * 100:.2f}\n" for w in words(rng, 3000))
    binary = rng.randbytes(300_000)
    write(folder, "text", text)
    write(folder, "text2", text.replace("ka", "KA", 40).replace("sun\n", "", 9))
    write(folder, "table", table)
    write(folder, "random.bin", binary)
    write(folder, "zeros.bin", bytes(100_000))
    write(folder, "empty", b"")
    write(folder, "noeol", b"no newline at the end")
    write(folder, "crlf", b"one\r\ntwo\r\n")
    write(folder, "numbers", "".join(f"{rng.randint(-10**6, 10**6)}\n" for _ in range(5000)))
    write(folder, "dir/a/file", "in a\n")
    write(folder, "dir/b/deep/er/file", "deep\n")
    write(folder, "dir/b/space in name", "space\n")
    write(folder, "dir/.hidden", "hidden\n")
    os.symlink("a/file", os.path.join(folder, "dir/link"))
    os.symlink("nowhere", os.path.join(folder, "dir/dangling"))
    os.link(os.path.join(folder, "noeol"), os.path.join(folder, "dir/hardlink"))
    write(folder, "dir/run.sh", "#!/bin/sh\necho ran\n")
    os.chmod(os.path.join(folder, "dir/run.sh"), 0o755)
    os.chmod(os.path.join(folder, "dir/b/space in name"), 0o640)
    make_packed(folder, text.encode(), binary)


def make_packed(folder, text, binary):
    write(folder, "packed/text.gz", gzip.compress(text, 6, mtime=WHEN))
    write(folder, "packed/random.gz", gzip.compress(binary, 9, mtime=WHEN))
    write(folder, "packed/text.bz2", bz2.compress(text))
    write(folder, "packed/text.xz", lzma.compress(text, check=lzma.CHECK_CRC32))
    write(folder, "packed/text.lzma", lzma.compress(text, format=lzma.FORMAT_ALONE))
    write(folder, "packed/broken.gz", gzip.compress(text, 6, mtime=WHEN)[:9000])
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.GNU_FORMAT) as tar:
        def plain(info):
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            info.mtime = WHEN
            return info
        tar.add(os.path.join(folder, "dir"), "dir", filter=plain)
        tar.add(os.path.join(folder, "text"), "text", filter=plain)
    write(folder, "packed/dir.tar", archive.getvalue())
    with open(os.path.join(folder, "packed/dir.cpio"), "wb") as packed:
        subprocess.run(["busybox", "cpio", "-o", "-H", "newc"], cwd=folder, stdout=packed, check=True,
                       input=b"dir\ndir/a\ndir/a/file\ndir/link\ndir/run.sh\ntext\n",
                       stderr=subprocess.DEVNULL)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as pack:
        for name, data in (("z/text", text), ("z/random", binary)):
            entry = zipfile.ZipInfo(name, (2020, 9, 13, 12, 26, 40))
            entry.external_attr = 0o644 << 16
            pack.writestr(entry, data, zipfile.ZIP_DEFLATED)
    write(folder, "packed/z.zip", archive.getvalue())


def make_lua(folder):
    here = os.path.dirname(os.path.abspath(__file__))
    shutil.copy(os.path.join(here, "programs", "workload.lua"), folder)


def make_ext4(folder):
    """A small ext4 file system with files in it, once sound and once damaged."""
    with tempfile.TemporaryDirectory() as files:
        rng = random.Random(5)
        for i in range(200):
            write(files, f"d{i % 10}/f{i}", rng.randbytes(rng.randint(0, 20000)))
        for name in ("good.img", "bad.img"):
            image = os.path.join(folder, name)
            subprocess.run(["/sbin/mke2fs", "-q", "-t", "ext4", "-d", files, "-U",
                            "11111111-2222-3333-4444-555555555555", "-E",
                            "hash_seed=11111111-2222-3333-4444-555555555555", image, "12M"],
                           check=True, env={"E2FSPROGS_FAKE_TIME": str(WHEN), "PATH": "/sbin:/bin"})
    with open(os.path.join(folder, "bad.img"), "r+b") as image:
        image.seek(1024 * 200)
        image.write(bytes(3000))


def make_large(folder):
    """200 MB of text in two million lines of 100 bytes."""
    rng = random.Random(7)
    with open(os.path.join(folder, "large"), "wb") as file:
        for _ in range(200):
            block = rng.randbytes(10_000 * 50).hex()
            file.write("".join(block[i:i + 99] + "\n" for i in range(0, len(block), 100)).encode())


def make_nothing(_folder):
    pass


SETS = {"small": make_small, "lua": make_lua, "ext4": make_ext4, "large": make_large,
        "nothing": make_nothing}
