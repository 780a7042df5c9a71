# SPDX-License-Identifier: GPL-2.0-or-later
"""Python's library over data of some size, a question a run: library.py NAME. What it prints is the same in every run."""
import bz2
import collections
import csv
import decimal
import hashlib
import hmac
import io
import json
import lzma
import mmap
import os
import pickle
import random
import re
import shutil
import sqlite3
import struct
import sys
import tarfile
import tempfile
import zipfile
import zlib


def table(n):
    rng = random.Random(n)
    return [{"id": i, "name": "".join(rng.choices("abcdefgh é", k=12)), "value": rng.random() * 1e6,
             "tags": rng.sample(range(100), 3), "none": None, "yes": i % 2 == 0} for i in range(n)]


def database():
    base = sqlite3.connect("py.db")
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, value REAL)")
    rows = [(r["id"], r["name"], r["value"]) for r in table(20_000)]
    with base:
        base.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    base.execute("CREATE INDEX i ON t (name, value)")
    try:
        with base:
            base.execute("DELETE FROM t WHERE id % 2")
            raise KeyError("rolled back")
    except KeyError as error:
        print(error, base.execute("SELECT count(*), round(sum(value), 3) FROM t").fetchone())
    base.create_function("backwards", 1, lambda s: s[::-1])
    base.create_collation("length", lambda a, b: (len(a) > len(b)) - (len(a) < len(b)))
    print(base.execute("SELECT name, backwards(name) FROM t WHERE name LIKE 'ab%' ORDER BY 1 LIMIT 3").fetchall())
    print(base.execute("WITH RECURSIVE f(a, b) AS (VALUES (0, 1) UNION ALL SELECT b, a + b FROM f LIMIT 50) "
                       "SELECT max(a), group_concat(a % 10, '') FROM f").fetchone())
    copy = sqlite3.connect(":memory:")
    base.backup(copy)
    print(copy.execute("PRAGMA integrity_check").fetchone(), copy.execute("SELECT count(*) FROM t").fetchone())
    try:
        base.execute("INSERT INTO t VALUES (1, '', 0)")
    except sqlite3.IntegrityError as error:
        print(error)
    base.close()
    os.remove("py.db")


def hashes():
    data = open("random.bin", "rb").read()
    for name in sorted(hashlib.algorithms_guaranteed):
        extra = (20,) if name.startswith("shake") else ()
        print(name, hashlib.new(name, data).hexdigest(*extra)[:40])
    print(hmac.new(b"key", data, "sha256").hexdigest(), hashlib.pbkdf2_hmac("sha512", b"p", b"s", 2000).hex()[:32])
    print(hashlib.scrypt(b"p", salt=b"s", n=1024, r=8, p=1).hex()[:32], zlib.crc32(data), zlib.adler32(data))


def texts():
    rows = table(10_000)
    text = json.dumps(rows, indent=1, sort_keys=True)
    print(len(text), json.loads(text) == rows, hashlib.md5(json.dumps(rows).encode()).hexdigest())
    try:
        json.loads(text[:-5])
    except json.JSONDecodeError as error:
        print(error)
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    print(len(list(csv.reader(io.StringIO(out.getvalue())))), hashlib.md5(out.getvalue().encode()).hexdigest())
    print(len(pickle.dumps(rows)), pickle.loads(pickle.dumps(rows)) == rows)
    words = collections.Counter(re.findall(r"\b\w*[aeiou]\b", open("text").read()))
    print(words.most_common(3), re.sub(r"(\w)(\w*)", r"\2\1", "some words here"))
    decimal.getcontext().prec = 60
    print(decimal.Decimal(2).sqrt(), struct.pack(">Ihd", 1, -2, 0.5).hex(), f"{10 ** 40:,} {1 / 3:.17g} {2 ** -1074}")
    print(hash((1, 2.5, 3)) == hash((1, 2.5, 3)), sorted(rows, key=lambda r: r["value"])[0]["id"])


def archives():
    data = open("text", "rb").read()
    for module in (zlib, bz2, lzma):
        packed = module.compress(data)
        print(module.__name__, len(packed), module.decompress(packed) == data)
    with tempfile.TemporaryDirectory(dir=".") as folder:
        shutil.copytree("dir", os.path.join(folder, "copy"), symlinks=True)
        with tarfile.open(os.path.join(folder, "t.tar.xz"), "w:xz") as tar:
            tar.add(os.path.join(folder, "copy"), "copy")
        with tarfile.open(os.path.join(folder, "t.tar.xz")) as tar:
            print(sorted((m.name, m.mode, m.size, m.linkname) for m in tar))
        with zipfile.ZipFile(os.path.join(folder, "z.zip"), "w", zipfile.ZIP_DEFLATED) as pack:
            pack.write("random.bin")
            pack.writestr("d/é", data)
            print(pack.testzip(), [i.filename for i in pack.infolist()])
        with open(os.path.join(folder, "m"), "w+b") as file:
            file.truncate(1 << 20)
            with mmap.mmap(file.fileno(), 0) as view:
                view[5000:5005] = b"write"
                view.flush()
                view.resize(1 << 21)
                print(view.find(b"write"), len(view))
            file.seek(5000)
            print(file.read(5), shutil.disk_usage(".").total > 0)
    print(sorted(os.scandir("dir"), key=lambda e: e.name))


if __name__ == "__main__":
    {"database": database, "hashes": hashes, "texts": texts, "archives": archives}[sys.argv[1]]()
