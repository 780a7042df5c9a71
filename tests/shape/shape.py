#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Shape checks: one function each, named on the command line. A check yields complaints; none means that it passes."""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

# The house's floors: a file includes headers of its own room and of rooms on lower floors. docs/architecture.md says why.
FLOORS = {
    "include/lstar": 0, "src/abi": 0,
    "src/base": 1,
    "src/host": 2, "src/cpu": 2,
    "src/mem": 4, "src/sched": 3,
    "src/vfs": 5, "loader": 6, "src/ipc": 6,
    "src/fs": 7, "src/net": 7,
    "src/proc": 8,
    "src/procfs": 9, "src/tty": 9,
    "syscall_table": 10,
    "src/machine": 11,
    "src/api": 12,
    "src/cli": 13,
}

# Headers of C itself that every room may use: nothing of files, clocks, sockets, processes.
PLAIN_HEADERS = {"assert.h", "ctype.h", "inttypes.h", "limits.h", "stdalign.h", "stdarg.h", "stdatomic.h", "stdbool.h",
                 "stddef.h", "stdint.h", "stdio.h", "stdnoreturn.h", "string.h", "sys/types.h"}
# What else a room (or file) may include, and why.
MORE_HEADERS = {
    "src/host": None,                                    # the boundary: anything
    "src/cli": None,                                     # a program of the host
    "src/base/reserve.c": {"sys/mman.h"},                # address space
    "src/base/poison.h": {"sanitizer/asan_interface.h"},
    "src/cpu": {"stdlib.h", "unicorn/unicorn.h", "unicorn/x86.h", "unicorn/user.h", "unicorn/lstar_build.h", "math.h"},
    "src/api": {"stdlib.h"},                             # configurations are the embedder's own objects
    "src/machine/machine.c": {"stdlib.h"},               # struct machine: outside of the arena that it owns
    "src/machine/snapshot.c": {"stdlib.h"},              # a snapshot is outside of the arena that it copies
    "src/fs/tmpfs.c": {"stdlib.h"},                      # strtoull
}

ALLOCATORS = {"malloc", "calloc", "realloc", "free", "strdup", "strndup", "aligned_alloc", "posix_memalign", "reallocarray",
              "mmap", "munmap", "asprintf", "vasprintf", "getline", "fopen", "alloca"}
MAY_ALLOCATE = ["src/base/reserve.c", "src/host/", "src/cpu/", "src/api/", "src/machine/machine.c", "src/machine/snapshot.c"]

CODE = (".c", ".h", ".def")
MAX_COLUMNS = 140
MAX_COLUMNS_OF_C = 100
MAX_FILE = 900
MAX_FUNCTION = 80

top = build = ""


def files(*suffixes, under=""):
    for folder, folders, names in os.walk(os.path.join(top, under)):
        folders[:] = sorted(f for f in folders if f not in ("build", ".git", "__pycache__"))
        for name in sorted(names):
            if name == ".git":  # of a worktree
                continue
            if not suffixes or name.endswith(suffixes):
                yield os.path.relpath(os.path.join(folder, name), top)


def read(path):
    with open(os.path.join(top, path), encoding="utf-8") as file:
        return file.read()


def room_of(path):
    for room in FLOORS:
        if path.startswith(room + "/"):
            return room
    return None


def sources():
    """Files of the rooms."""
    return [path for path in files(*CODE) if room_of(path)]


def includes(path):
    for number, line in enumerate(read(path).splitlines(), 1):
        found = re.match(r'\s*#\s*include\s+([<"])([^>"]+)[>"]', line)
        if found:
            yield number, found[1] == "<", found[2]


def resolve(path, name):
    """The tree's file that an include means, or None."""
    for base in (os.path.dirname(path), "src", "", "include"):
        candidate = os.path.normpath(os.path.join(base, name))
        if os.path.exists(os.path.join(top, candidate)):
            return candidate
    return None


def floors():
    for path in sources():
        own = room_of(path)
        for number, _, name in includes(path):
            target = resolve(path, name)
            room = target and room_of(target)
            if room and room != own and FLOORS[room] >= FLOORS[own]:
                yield f"{path}:{number}: {own} (floor {FLOORS[own]}) includes {name} of {room} (floor {FLOORS[room]})"


def allowed_headers(path):
    more = set()
    for key, headers in MORE_HEADERS.items():
        if path == key or path.startswith(key + "/"):
            if headers is None:
                return None
            more |= headers
    return PLAIN_HEADERS | more


def host_headers():
    for path in sources():
        allowed = allowed_headers(path)
        for number, system, name in includes(path):
            if system and allowed is not None and name not in allowed:
                yield f"{path}:{number}: <{name}> belongs behind src/host (or add it to MORE_HEADERS with its reason)"
            if not system and not resolve(path, name):
                yield f"{path}:{number}: there is no {name}"


def headers_alone():
    def compile_alone(path):
        with tempfile.NamedTemporaryFile("w", suffix=".c") as source:
            source.write(f'#include "{os.path.join(top, path)}"\n')
            source.flush()
            done = subprocess.run(
                ["gcc", "-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                 "-I", top + "/include", "-I", top + "/src", "-I", top, source.name],
                stderr=subprocess.PIPE, text=True)
        return None if done.returncode == 0 else f"{path} does not compile alone:\n{done.stderr}"
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from filter(None, pool.map(compile_alone, [p for p in sources() if p.endswith(".h")]))


def license():
    # Data, texts, and patches, which are under the licence of what they change.
    missing_ok = (".patch", ".json", ".lock", ".sum", ".txt", ".gitignore", "LICENSE", ".md", ".bin", ".elf", ".supp", ".tsv")
    for path in files():
        name = os.path.basename(path)
        if name == "CMakeLists.txt" or not name.endswith(missing_ok):
            try:
                head = read(path).splitlines()[:6]
            except UnicodeDecodeError:
                continue
            if not any("SPDX-License-Identifier: " in line for line in head):
                yield f"{path}: no SPDX line at its head"
    if "GNU GENERAL PUBLIC LICENSE" not in read("LICENSE"):
        yield "LICENSE is not the GPL"


def text():
    """Columns, tabs, trailing blanks, opening comments, and nothing that says it is to be done."""
    for path in files(".c", ".h", ".py", ".cmake", ".sh"):
        lines = read(path).splitlines()
        for number, line in enumerate(lines, 1):
            most = MAX_COLUMNS_OF_C if path.endswith((".c", ".h")) else MAX_COLUMNS
            if len(line) > most and not path.startswith("tests/real/cases/"): # tables of command lines
                yield f"{path}:{number}: {len(line)} columns"
            if line != line.rstrip():
                yield f"{path}:{number}: trailing blanks"
            if path.endswith((".c", ".h")) and "\t" in line:
                yield f"{path}:{number}: a tab"
            if re.search(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b", line):
                yield f"{path}:{number}: to be done: say it in words, with its issue, or do it"
        if path.endswith(".c") and room_of(path) and not any(line.startswith("/*") for line in lines[1:3]):
            yield f"{path}: does not open with a comment that says what it owns"


def functions(path):
    """Name and length of each function, by the house's layout: a line that begins with a brace."""
    lines = read(path).splitlines()
    start = None
    for number, line in enumerate(lines):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            head = next((l for l in reversed(lines[max(0, start - 4):start]) if re.search(r"\w+\(", l)), "?")
            name = re.search(r"(\w+)\(", head)
            yield (name[1] if name else "?"), number - start + 1
            start = None


def sizes():
    for path in sources():
        if not path.endswith((".c", ".h")):
            continue
        length = len(read(path).splitlines())
        if length > MAX_FILE:
            yield f"{path}: {length} lines, {MAX_FILE} at most"
        for name, lines in functions(path):
            if lines > MAX_FUNCTION:
                yield f"{path}: {name}() has {lines} lines, {MAX_FUNCTION} at most"


def command_uses_public_header():
    for path in files(".c", ".h", under="src/cli"):
        for number, system, name in includes(path):
            if not system and name not in ("cli.h", "run.h", "lstar/lstar.h"):
                yield f"{path}:{number}: the command uses nothing but lstar/lstar.h, not {name}"


def documents():
    """What the documents name exists, and what exists of the tree is named."""
    architecture = read("docs/architecture.md")
    for room in FLOORS:
        if room + "/" not in architecture:
            yield f"docs/architecture.md does not name {room}/"
    for path in files(".md"):
        body = re.sub(r"```.*?```", "", read(path), flags=re.S)
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", body):
            if not os.path.exists(os.path.join(top, os.path.dirname(path), link)):
                yield f"{path}: the link {link} leads nowhere"
        for name in re.findall(r"`((?:src|tools|tests|docs|deps|loader|syscall_table|include|samples|cmake)/[\w./-]+)`", body):
            if not os.path.exists(os.path.join(top, name)):
                yield f"{path}: there is no {name}"


def linux_comments():
    """A comment that says "Linux:" names the guest test that proves it."""
    for path in sources():
        body = read(path)
        for found in re.finditer(r"Linux: ", body):
            end = body.find("*/", found.start())
            names = re.findall(r"guest/(\w+/\w+)", body[found.start():end])
            line = body.count("\n", 0, found.start()) + 1
            if not names:
                yield f"{path}:{line}: \"Linux:\" without the guest test that proves it (guest/family/name)"
            for name in names:
                if not os.path.exists(f"{top}/tests/guest/{name}.c"):
                    yield f"{path}:{line}: there is no tests/guest/{name}.c"


ROW = re.compile(r"^SYSCALL\((\d+), (\w+), (\w+), (\w+), (\w+)", re.M)


def table():
    """Every number of Linux's once, in order; a built call has its handler, one that is not built has none."""
    rows = [(int(row[0]), row[1], row[2]) for row in ROW.findall(read("syscall_table/syscalls.def"))]
    numbers = [row[0] for row in rows]
    if numbers != sorted(set(numbers)):
        yield "syscalls.def: numbers are not in order, or twice"
    for number in [*range(335), *range(424, 470)]:
        if number not in numbers:
            yield f"syscalls.def: {number} is missing"
    defined = set()
    for path in files(".c", under="syscall_table"):
        defined |= set(re.findall(r"^long sys_(\w+)\(", read(path), re.M))
    for number, name, support in rows:
        if support == "NONE" and name in defined:
            yield f"sys_{name}() exists and its row says NONE"
        if support != "NONE" and name not in defined:
            yield f"sys_{name}() does not exist and its row says {support}"


def objects():
    """(source, object) of the library's own files."""
    folder = f"{build}/CMakeFiles/liblstar.dir"
    for path in sources():
        compiled = f"{folder}/{path}.o"
        if path.endswith(".c") and os.path.exists(compiled):
            yield path, compiled


def writable_statics():
    """No object of ours has writable static data: machines share nothing."""
    count = 0
    for path, compiled in objects():
        count += 1
        listing = subprocess.run(["objdump", "-t", compiled], stdout=subprocess.PIPE, text=True, check=True).stdout
        for line in listing.splitlines():
            found = re.match(r"[0-9a-f]{16} (.{7}) (\S+)\s+([0-9a-f]+)\s+(?:\.hidden )?(\S+)", line)
            if not found or found[4] == found[2] or int(found[3], 16) == 0:
                continue
            section = found[2]
            if section == "*COM*" or re.match(r"\.(data|bss|tdata|tbss)(?!\.rel\.ro)", section):
                yield f"{path}: {found[4]} is writable static data ({section})"
    if count < 50:
        yield f"only {count} objects found below {build}: not built?"


def allocation():
    """Memory above src/base comes from the machine's arena."""
    for path, compiled in objects():
        if any(path == may or (may.endswith("/") and path.startswith(may)) for may in MAY_ALLOCATE):
            continue
        listing = subprocess.run(["nm", "-u", compiled], stdout=subprocess.PIPE, text=True, check=True).stdout
        for name in re.findall(r"U (\w+)", listing):
            if name in ALLOCATORS:
                yield f"{path}: calls {name}()"


def exported_names():
    """What is installed shows lstar_* and nothing else."""
    archive = f"{build}/whole/liblstar.a"
    listing = subprocess.run(["nm", "-g", "--defined-only", archive], stdout=subprocess.PIPE, text=True, check=True).stdout
    names = re.findall(r"^[0-9a-f]+ \w (\S+)$", listing, re.M)
    for name in names:
        if not name.startswith("lstar_"):
            yield f"liblstar.a exports {name}"
    declared = set(re.findall(r"\b(lstar_\w+(?<!_fn))\(", re.sub(r"/\*.*?\*/", "", read("include/lstar/lstar.h"), flags=re.S)))
    for name in declared - set(names):
        yield f"lstar.h declares {name}(), which the library lacks"
    for name in set(names) - declared:
        yield f"liblstar.a exports {name}, which lstar.h does not declare"


def main():
    global top, build
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--top", required=True)
    parser.add_argument("--build", default="")
    parser.add_argument("check", nargs="+")
    arguments = parser.parse_args()
    top, build = arguments.top, arguments.build
    failed = 0
    for check in arguments.check:
        for complaint in globals()[check]():
            print(complaint)
            failed += 1
    print(f"{failed} complaints")
    sys.exit(1 if failed else 0)


main()
