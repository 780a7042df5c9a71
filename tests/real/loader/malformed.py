#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Executes files that no linker makes, each natively and in lstar, and compares: errno, output, exit status, signal.

  malformed.py --lstar PATH --exec-one PATH [-v] [NAME...]
  malformed.py --corpus FOLDER     writes the files as tests/fuzz/elf.c takes them

A case is a name, a way of exec_one.c, and a file (or None): bytes, or a function of the folder that makes it. The native
run is the expectation; both run as an ordinary user, so that nothing depends on who runs the test.
"""
import argparse
import os
import shutil
import struct
import subprocess
import sys
import tempfile

BASE = 0x400000
TASK_SIZE = 0x7ffffffff000
KERNEL = 0xffffffff80000000
MAX64 = (1 << 64) - 1
LOAD, INTERP, GNU_STACK, TLS, NOTE, PROPERTY, RELRO = 1, 3, 0x6474e551, 7, 4, 0x6474e553, 0x6474e552
R, W, X = 4, 2, 1
EXEC, DYN = 2, 3
CODE = 0x800            # offset of the code in the file
NOBODY = 65534


def exit_with(status):
    """mov edi, status; mov eax, 60; syscall"""
    return b"\xbf" + struct.pack("<I", status) + b"\xb8\x3c\0\0\0\x0f\x05"


def exit_with_byte(address):
    """The byte at an address as exit status: movabs rax, address; movzx edi, byte [rax]; mov eax, 60; syscall"""
    return b"\x48\xb8" + struct.pack("<Q", address) + b"\x0f\xb6\x38\xb8\x3c\0\0\0\x0f\x05"


def sp_words():
    """Exit with argc: mov edi, [rsp]; …"""
    return b"\x8b\x3c\x24\xb8\x3c\0\0\0\x0f\x05"


def segment(kind=LOAD, flags=R | X, offset=0, vaddr=BASE, filesz=None, memsz=None, align=0x1000):
    return dict(kind=kind, flags=flags, offset=offset, vaddr=vaddr, filesz=filesz, memsz=memsz,
                align=align)


def elf(segments=None, code=None, size=0x1000, cut=None, tail=b"", phdrs=None, **header):
    """An ELF file. Without arguments a correct one that exits with 42. header: fields of Elf64_Ehdr; ident_N: e_ident[N]."""
    if segments is None:
        segments = [segment()]
    h = dict(type=EXEC, machine=62, version=1, entry=BASE + CODE, phoff=64, shoff=0, flags=0,
             ehsize=64, phentsize=56, phnum=len(segments), shentsize=64, shnum=0, shstrndx=0)
    ident = bytearray(b"\x7fELF\x02\x01\x01" + bytes(9))
    for name, value in header.items():
        if name.startswith("ident_"):
            ident[int(name[6:])] = value
        else:
            assert name in h, name
            h[name] = value
    data = bytearray(bytes(ident) + struct.pack("<HHIQQQIHHHHHH", *h.values()))
    table = b""
    for s in segments:
        filesz = size if s["filesz"] is None else s["filesz"]
        memsz = filesz if s["memsz"] is None else s["memsz"]
        table += struct.pack("<IIQQQQQQ", s["kind"], s["flags"], s["offset"], s["vaddr"],
                             s["vaddr"], filesz, memsz, s["align"])
    data += table if phdrs is None else phdrs
    data += bytes(max(0, CODE - len(data)))
    data[CODE:CODE + 64] = (exit_with(42) if code is None else code).ljust(64, b"\xcc")
    data += b"\xcc" * (size - len(data))
    data += tail
    return bytes(data if cut is None else data[:cut])


CASES = []


def case(name, content, way="plain", mode=0o755):
    CASES.append((name, way, content, mode))


def data_segment(**fields):
    """A second segment, .data with .bss, in the file's second page."""
    s = segment(flags=R | W, offset=0x1000, vaddr=BASE + 0x2000, filesz=0x800, memsz=0x3000)
    s.update(fields)
    return [segment(), s]


def pie(*segments, **more):
    return elf(list(segments) or [segment(vaddr=0)], type=DYN,
               **{"entry": CODE, **more})


def with_interp(path, text=None, offset=0x400, filesz=None, **more):
    """A program whose PT_INTERP is `path`; {d} stands for the folder."""
    def make(folder):
        name = path.replace("{d}", folder).encode() + b"\0" if text is None else text
        s = segment(kind=INTERP, offset=offset, vaddr=0, filesz=len(name) if filesz is None else filesz)
        data = bytearray(elf([segment(), s], **more))
        data[0x400:0x400 + len(name)] = name
        return bytes(data)
    return make


def script(line):
    """A script; {d} stands for the folder, {e} for exec_one in it."""
    def make(folder):
        text = line if isinstance(line, bytes) else line.encode()
        return text.replace(b"{e}", folder.encode() + b"/e").replace(b"{d}", folder.encode())
    return make


# --- no ELF file at all
case("good", elf())
case("good-pie", pie())
case("empty", b"")
case("one-byte", b"\x7f")
case("magic-only", b"\x7fELF")
case("text", b"hello, world\n")
case("zeros", bytes(4096))
case("wrong-magic", elf(ident_0=0x7e))
case("lower-case-magic", elf(ident_1=ord("e")))
for cut in (5, 16, 32, 63, 64, 65, 119):
    case(f"cut-{cut}", elf(cut=cut))
case("cut-120", elf(cut=120))
case("cut-in-code", elf(cut=CODE + 3))

# --- the header
for value in (0, 1, 3, 255):
    case(f"class-{value}", elf(ident_4=value))
for value in (0, 2, 255):
    case(f"data-{value}", elf(ident_5=value))
case("ident-version-0", elf(ident_6=0))
case("osabi-255", elf(ident_7=255))
case("version-0", elf(version=0))
case("version-max", elf(version=0xffffffff))
for value in (0, 8, 40, 183, 243, 0xffff):
    case(f"machine-{value}", elf(machine=value))
for value in (0, 1, 4, 5, 0xfe00, 0xffff):
    case(f"type-{value}", elf(type=value))
for value in (0, 1, 32, 55, 57, 64, 112, 0xffff):
    case(f"phentsize-{value}", elf(phentsize=value))
case("phnum-0", elf(phnum=0))
case("phnum-max", elf(phnum=0xffff))
case("phnum-max-file-large", elf(phnum=0xffff, size=0x400000))
for count in (73, 74, 1170, 1171):
    case(f"phnum-{count}", elf(phoff=0x1000, phnum=count, phdrs=b"", tail=struct.pack(
        "<IIQQQQQQ", LOAD, R | X, 0, BASE, BASE, 0x1000, 0x1000, 0x1000) + bytes(56 * (count - 1))))
case("phnum-one-more-than-there", elf(phoff=0x1000 - 56, phnum=2))
for value in (0x1000, 0x0fff, 1 << 32, (1 << 63) - 57, (1 << 63) - 1, 1 << 63, MAX64, MAX64 - 55):
    case(f"phoff-{value:#x}", elf(phoff=value))
case("phoff-0", elf(phoff=0))
case("phoff-odd", elf(phdrs=b"\0" + elf()[64:120], phoff=65))
case("ehsize-0", elf(ehsize=0))
case("sections-nowhere", elf(shoff=MAX64, shnum=0xffff, shentsize=1, shstrndx=0xffff))
case("flags-max", elf(flags=0xffffffff))
for value in (0, 1, BASE + 0x5000, BASE + 0xfff, TASK_SIZE - 1, TASK_SIZE, 1 << 47, KERNEL, MAX64):
    case(f"entry-{value:#x}", elf(entry=value))
case("entry-in-data", elf(data_segment(), tail=exit_with(43).ljust(0x1000), entry=BASE + 0x2000))

# --- segments
case("no-segments", elf([segment(kind=0)]))
case("no-segments-pie", elf([segment(kind=0)], type=DYN))
case("no-segments-entry-0", elf([segment(kind=0)], entry=0))
case("unknown-types", elf([segment()] + [segment(kind=k) for k in (2, 5, 6, 99, 0x6fffffff, 0xffffffff)]))
for value in (KERNEL, TASK_SIZE, TASK_SIZE + 0x1000, 1 << 47, 1 << 63, MAX64 & ~0xfff):
    case(f"vaddr-{value:#x}", elf(data_segment(vaddr=value), tail=bytes(0x1000)))
    case(f"first-vaddr-{value:#x}", elf([segment(vaddr=value)]))
    case(f"pie-vaddr-{value:#x}", pie(segment(vaddr=0), segment(vaddr=value)))
case("vaddr-0", elf([segment(vaddr=0)], entry=CODE))
case("vaddr-page-1", elf([segment(vaddr=0x1000)], entry=0x1000 + CODE))
case("vaddr-64k", elf([segment(vaddr=0x10000)], entry=0x10000 + CODE))
case("vaddr-last-page", elf([segment(vaddr=TASK_SIZE - 0x1000)], entry=TASK_SIZE - 0x1000 + CODE))
case("vaddr-low-2G", elf([segment(vaddr=0x7ffff000)], entry=0x7ffff000 + CODE))
for value in (MAX64, MAX64 - 0xfff, 1 << 63, TASK_SIZE, TASK_SIZE + 1, TASK_SIZE - BASE, 1 << 46):
    case(f"memsz-{value:#x}", elf(data_segment(memsz=value), tail=bytes(0x1000)))
case("memsz-to-the-end", elf(data_segment(memsz=TASK_SIZE - BASE - 0x2000), tail=bytes(0x1000)))
case("memsz-less", elf(data_segment(memsz=0x7ff), tail=bytes(0x1000)))
case("memsz-0", elf(data_segment(memsz=0), tail=bytes(0x1000)))
case("first-memsz-less", elf([segment(memsz=0xfff)]))
for value in (MAX64, 1 << 63, TASK_SIZE, 1 << 46, 1 << 40):
    case(f"filesz-{value:#x}", elf(data_segment(filesz=value, memsz=value), tail=bytes(0x1000)))
    case(f"filesz-only-{value:#x}", elf(data_segment(filesz=value, memsz=0x3000), tail=bytes(0x1000)))
case("filesz-0-memsz-0", elf(data_segment(filesz=0, memsz=0), tail=bytes(0x1000)))
case("filesz-0-odd", elf(data_segment(filesz=0, memsz=0, vaddr=BASE + 0x2123), tail=bytes(0x1000)))
case("filesz-beyond-the-end", elf(data_segment(filesz=0x8000, memsz=0x8000), tail=bytes(0x1000)))
case("filesz-beyond-the-end-bss", elf(data_segment(filesz=0x8800, memsz=0x9000), tail=bytes(0x1000)))
case("filesz-beyond-bss-aligned", elf(data_segment(filesz=0x8000, memsz=0x9000), tail=bytes(0x1000)))
for value in (0x1001, 0x800, MAX64 & ~0xfff, 1 << 63, (1 << 63) - 0x1000, MAX64):
    case(f"offset-{value:#x}", elf(data_segment(offset=value), tail=bytes(0x1000)))
case("offset-beyond-the-end", elf(data_segment(offset=0x9000, memsz=0x800), tail=bytes(0x1000)))
case("offset-odd-with-vaddr", elf(data_segment(offset=0x1010, vaddr=BASE + 0x2010), tail=bytes(0x1000)))
for value in (0, 1, 3, 16, 0x1001, 0x200000, 1 << 40, 1 << 63, MAX64):
    case(f"align-{value:#x}", elf([segment(align=value)]))
    case(f"pie-align-{value:#x}", pie(segment(vaddr=0, align=value)))
case("overlap", elf([segment(), segment(offset=0x1000)], tail=exit_with(43).rjust(CODE + 12).ljust(0x1000)))
case("overlap-before", elf([segment(offset=0x1000), segment()], tail=exit_with(43).rjust(CODE + 12).ljust(0x1000)))
case("overlap-by-bss", elf([segment(), segment(flags=R | W, vaddr=BASE, filesz=0, memsz=0x1000)]))
case("same-twice", elf([segment(), segment()]))
case("descending", elf([segment(vaddr=BASE + 0x10000), segment(vaddr=BASE)]))
case("pie-descending", pie(segment(vaddr=0x10000), segment(vaddr=0)))
case("pie-high-vaddr", pie(segment(vaddr=BASE)))
case("pie-high-vaddr-entry", pie(segment(vaddr=BASE), entry=BASE + CODE))
case("pie-vaddr-odd", pie(segment(vaddr=0x10), entry=0x10 + CODE))
case("pie-offset-odd", pie(segment(vaddr=0x10, offset=0x10, filesz=0xff0), entry=CODE))
case("pie-too-large", pie(segment(vaddr=0), segment(vaddr=TASK_SIZE - 0x2000)))
case("pie-span-wraps", pie(segment(vaddr=0), segment(vaddr=0x10000, memsz=MAX64 - 0xffff)))
case("pie-bss-only-first", pie(segment(flags=R | W, vaddr=0, filesz=0, memsz=0x1000), segment(vaddr=0x1000),
                               entry=0x1000 + CODE))
case("pie-entry-kernel", pie(entry=KERNEL))
case("pie-entry-wraps", pie(entry=MAX64))
for flags in range(8):
    case(f"flags-{flags}", elf([segment(flags=flags)]))
case("flags-high-bits", elf([segment(flags=0xfffffff8 | R | X)]))
case("bss-read-only", elf(data_segment(flags=R), tail=bytes(0x1000)))
case("bss-no-access", elf(data_segment(flags=0), tail=bytes(0x1000)))
case("bss-tail-is-zero", elf(data_segment(), code=exit_with_byte(BASE + 0x2800), tail=b"\x55" * 0x1000))
case("bss-last-is-zero", elf(data_segment(), code=exit_with_byte(BASE + 0x4fff), tail=b"\x55" * 0x1000))
case("bss-end-is-the-end", elf(data_segment(), code=exit_with_byte(BASE + 0x5000), tail=b"\x55" * 0x1000))
case("bss-read-only-tail", elf(data_segment(flags=R), code=exit_with_byte(BASE + 0x2800), tail=b"\x55" * 0x1000))
case("bss-read-only-next", elf(data_segment(flags=R), code=exit_with_byte(BASE + 0x3000), tail=b"\x55" * 0x1000))
case("no-bss-tail", elf(data_segment(memsz=0x800), code=exit_with_byte(BASE + 0x2800), tail=b"\x55" * 0x1000))
case("before-data", elf(data_segment(offset=0x1800, vaddr=BASE + 0x2800, filesz=0x800),
                        code=exit_with_byte(BASE + 0x2000), tail=b"\x55" * 0x1000))
case("bss-is-not-executable", elf(data_segment(), entry=BASE + 0x3000, tail=bytes(0x1000)))
case("code-is-zeros", elf([segment(filesz=0, memsz=0x1000)]))
case("code-beyond-the-end", elf([segment(filesz=0x3000)], entry=BASE + 0x2000))
case("code-in-a-cut-page", elf(cut=0xa00))
case("argc-on-stack", elf(code=sp_words()))
case("many-segments", elf([segment()] + [segment(flags=R | W, vaddr=BASE + 0x10000 * (i + 1), filesz=0, memsz=0x1000)
                                         for i in range(30)]))

# --- what is ignored
case("tls-nonsense", elf([segment(), segment(kind=TLS, offset=MAX64, vaddr=KERNEL, filesz=MAX64, memsz=1, align=3)]))
case("relro-nonsense", elf([segment(), segment(kind=RELRO, offset=MAX64, vaddr=KERNEL, filesz=MAX64, memsz=MAX64)]))
case("note-nonsense", elf([segment(), segment(kind=NOTE, offset=MAX64, vaddr=KERNEL, filesz=MAX64)]))
case("property-nonsense", elf([segment(), segment(kind=PROPERTY, offset=0x10, vaddr=KERNEL, filesz=0x100)]))
case("stack-executable", elf([segment(), segment(kind=GNU_STACK, flags=R | W | X, vaddr=0, filesz=0)]))
case("stack-huge", elf([segment(), segment(kind=GNU_STACK, flags=R | W, vaddr=MAX64, filesz=MAX64, memsz=MAX64)]))
# jmp to a ret on the stack: push 0xc3; call rsp; then exit 42
CALL_STACK = b"\x68\xc3\0\0\0\x48\x89\xe0\xff\xd0" + exit_with(42)
case("stack-runs-without-header", elf(code=CALL_STACK))
case("stack-runs-nx", elf([segment(), segment(kind=GNU_STACK, flags=R | W, vaddr=0, filesz=0)], code=CALL_STACK))
case("stack-runs-x", elf([segment(), segment(kind=GNU_STACK, flags=R | W | X, vaddr=0, filesz=0)], code=CALL_STACK))
case("stack-last-header-counts", elf([segment(), segment(kind=GNU_STACK, flags=R | W | X, vaddr=0, filesz=0),
                                      segment(kind=GNU_STACK, flags=R | W, vaddr=0, filesz=0)], code=CALL_STACK))
case("stack-x-no-read-implies-exec", elf(data_segment(kind=LOAD) + [
    segment(kind=GNU_STACK, flags=R | W | X, vaddr=0, filesz=0)], entry=BASE + 0x2000, tail=exit_with(43).ljust(0x1000)))

# --- interpreters
for value in (0, 1, 4097, MAX64):
    case(f"interp-size-{value:#x}", with_interp("/x", filesz=value))
case("interp-4096", with_interp("/x", filesz=4096))
case("interp-no-nul", with_interp("", text=b"/lib/ld.so"))
case("interp-empty", with_interp("", text=b"\0\0"))
case("interp-beyond-the-end", with_interp("/x", offset=0x1000, filesz=10))
case("interp-half-beyond", with_interp("/x", offset=0xffe, filesz=10))
case("interp-offset-max", with_interp("/x", offset=MAX64 - 5, filesz=10))
case("interp-offset-negative", with_interp("/x", offset=1 << 63, filesz=10))
case("interp-missing", with_interp("/nonexistent/ld.so"))
case("interp-is-directory", with_interp("{d}"))
case("interp-not-executable", with_interp("{d}/plain-text"))
case("interp-not-a-directory", with_interp("{d}/plain-text/x"))
case("interp-text", with_interp("{d}/text-x"))
case("interp-empty-file", with_interp("{d}/empty-x"))
case("interp-script", with_interp("{d}/script-x"))
case("interp-long-name", with_interp("/" + "y" * 256))
case("interp-symlink-loop", with_interp("{d}/loop"))
case("interp-itself", lambda d: with_interp("{d}/interp-itself")(d))
case("interp-itself-pie", lambda d: with_interp("{d}/interp-itself-pie", type=DYN)(d))
case("interp-good", with_interp("{d}/ld-good"))
case("interp-good-main-entry-kernel", with_interp("{d}/ld-good", entry=KERNEL))
case("interp-good-main-broken", lambda d: elf([segment(vaddr=KERNEL), segment(
    kind=INTERP, offset=0x400, vaddr=0, filesz=len(d) + 9)])[:0x400] + d.encode() + b"/ld-good\0" + bytes(0x1000))
case("interp-fixed", with_interp("{d}/ld-fixed"))
case("interp-same-place", with_interp("{d}/ld-same-place"))
for name in ("machine", "phnum0", "phentsize", "phoff", "type", "no-load", "cut", "entry", "entry-kernel",
             "vaddr", "memsz", "filesz", "offset", "bss", "class", "span", "header-only", "align"):
    case(f"interp-bad-{name}", with_interp("{d}/ld-bad-" + name))
case("interp-twice", lambda d: (lambda a, b: elf([
    segment(), segment(kind=INTERP, offset=0x400, vaddr=0, filesz=len(a)),
    segment(kind=INTERP, offset=0x600, vaddr=0, filesz=len(b))])[:0x400] + a.ljust(0x200, b"\0") +
    b.ljust(0x200, b"\0") + elf()[0x800:])(d.encode() + b"/ld-good\0", b"/nonexistent\0"))
case("interp-nested", with_interp("{d}/ld-nested"))

# --- scripts
case("script", script("#!{e}\n"))
case("script-argument", script("#!{e} one argument  only \nrest\n"))
case("script-blanks", script("#! \t {e} \t arg \t\n"))
case("script-no-newline", script("#!{e}"))
case("script-no-newline-argument", script("#!{e} arg"))
case("script-no-newline-blank", script("#!{e} "))
case("script-nul-in-argument", script(b"#!{e} ab\0cd\n"))
case("script-nul-after-blank", script(b"#!{e} \0cd\n"))
case("script-nul-in-name", script(b"#!{e}\0cd\n"))
case("script-crlf", script("#!{e}\r\n"))
case("script-nothing", b"#!")
case("script-newline", b"#!\n")
case("script-spaces", b"#!    \n")
case("script-only-spaces", b"#!" + b" " * 300)
case("script-space-newline-name", b"#! \n/bin/sh\n")
case("script-missing", b"#!/nonexistent\n")
case("script-relative", b"#!e\n")
case("script-directory", script("#!{d}\n"))
case("script-not-executable", script("#!{d}/plain-text\n"))
case("script-of-text", script("#!{d}/text-x\n"))
case("script-itself", script("#!{d}/script-itself\n"))
case("script-256", lambda d: b"#!" + d.encode() + b"/" + b"n" * (253 - len(d) - 1) + b"\n")
case("script-255", lambda d: b"#!" + d.encode() + b"/" + b"n" * (252 - len(d) - 1) + b"\n")
case("script-path-cut", lambda d: b"#!" + d.encode() + b"/" + b"n" * 400 + b"\n")
case("script-argument-cut", script(b"#!{e} " + b"a" * 400 + b"\n"))
case("script-argument-at-255", lambda d: b"#!" + d.encode() + b"/e " + b"a" * (255 - 5 - len(d)) + b"\n")
case("script-argument-at-254", lambda d: b"#!" + d.encode() + b"/e " + b"a" * (254 - 5 - len(d)) + b"\n")
case("script-second-char", b"#?/bin/sh\n")
case("script-mode-644", script("#!{e}\n"), mode=0o644)
for depth in range(1, 8):
    case(f"script-depth-{depth}", script("#!{d}/chain-%d\n" % depth))
case("script-empty-argv", script("#!{e} x\n"), way="empty-argv")
case("script-too-long", script("#!{e} x\n"), way="total-2M")
case("script-at-fd", script("#!{e} x\n"), way="at-fd")
case("script-at-fd-cloexec", script("#!{e} x\n"), way="at-fd-cloexec")
case("script-at-dir", script("#!{e} x\n"), way="at-dir")
case("script-interpreter-has-interp", script("#!{d}/uses-ld-good\n"))

# --- how it is called
SHOW = None
for way_name in ("plain", "no-argv", "no-envp", "empty-argv", "bad-argv", "bad-envp", "bad-string", "bad-env-string",
                 "bad-path", "bad-path-and-argv", "missing-and-bad-argv", "empty-path", "long-path", "longer-path",
                 "long-component", "string-128K-1", "string-128K", "string-2M", "env-128K-1", "env-128K", "total-1.9M",
                 "total-2M", "total-3M", "many-100000", "many-200000", "many-262143", "many-1000000", "env-total-3M",
                 "stack-unlimited-5M", "stack-unlimited-7M", "stack-small", "stack-small-too-many", "at-fd",
                 "at-fd-cloexec", "at-path-fd", "at-no-flag", "at-bad-fd", "at-bad-dir", "at-not-dir", "at-bad-flags", "at-bad-flags-empty",
                 "at-absolute", "at-nofollow", "at-check", "at-dir", "write-open"):
    case(f"call-{way_name}", SHOW, way=way_name)
case("call-bad-argv-not-elf", b"text", way="bad-argv")
case("call-too-long-not-elf", b"text", way="total-3M")
case("file-mode-644", elf(), mode=0o644)
case("file-mode-111", elf(), mode=0o111)
case("file-mode-0", elf(), mode=0)
case("file-check-not-elf", b"text", way="at-check")
case("file-check-mode-644", elf(), way="at-check", mode=0o644)
case("file-write-open", elf(), way="write-open", mode=0o777)
PLACES = {"file-directory": "dir", "file-missing": "missing", "file-fifo": "fifo", "file-below-file": "e/x",
          "file-slash": "e/", "file-symlink": "link", "file-symlink-loop": "loop", "file-dangling": "dangling",
          "file-through-dir": "dir/../e", "file-not-searchable": "closed/e"}
for place in PLACES:
    case(place, SHOW)
case("file-symlink-nofollow", SHOW, way="at-nofollow")
PLACES["file-symlink-nofollow"] = "link"


def put(path, content, mode=0o755):
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)


def bad_interpreters():
    good = [segment(vaddr=0)]
    yield "machine", pie(machine=3)
    yield "phnum0", pie(phnum=0)
    yield "phentsize", pie(phentsize=32)
    yield "phoff", pie(phoff=1 << 20)
    yield "type", elf(good, type=1, entry=CODE)
    yield "no-load", pie(segment(kind=0))
    yield "cut", pie(cut=50)
    yield "header-only", pie(cut=64)
    yield "entry", pie(entry=0x100000)
    yield "entry-kernel", pie(entry=KERNEL)
    yield "vaddr", pie(segment(vaddr=0), segment(vaddr=KERNEL))
    yield "memsz", pie(segment(vaddr=0, memsz=MAX64))
    yield "filesz", pie(segment(vaddr=0, memsz=1))
    yield "offset", pie(segment(vaddr=0, offset=1))
    yield "bss", pie(segment(vaddr=0), segment(flags=R | W, vaddr=0x1000, offset=0, filesz=0x8800, memsz=0x9000))
    yield "class", pie(ident_4=1, ident_5=2)
    yield "span", pie(segment(vaddr=0), segment(vaddr=TASK_SIZE - 0x1000))
    yield "align", pie(segment(vaddr=0, align=0x200000))


def prepare(folder, exec_one):
    """Files that cases name, the same for all."""
    shutil.copy(exec_one, folder + "/e")
    os.chmod(folder + "/e", 0o755)
    put(folder + "/plain-text", b"text\n", 0o644)
    put(folder + "/text-x", b"text\n" * 100)
    put(folder + "/empty-x", b"")
    put(folder + "/script-x", script("#!{e}\n")(folder) + b"\n" * 100)
    put(folder + "/ld-good", pie(code=exit_with(44)))
    put(folder + "/ld-fixed", elf([segment(vaddr=0x10000000)], code=exit_with(45), entry=0x10000000 + CODE))
    put(folder + "/ld-same-place", elf(code=exit_with(46)))
    put(folder + "/ld-nested", with_interp("/nonexistent", code=exit_with(47))(folder))
    put(folder + "/uses-ld-good", with_interp("{d}/ld-good")(folder))
    for name, content in bad_interpreters():
        put(f"{folder}/ld-bad-{name}", content)
    put(folder + "/chain-1", script("#!{e} chain\n")(folder))
    for depth in range(2, 8):
        put(f"{folder}/chain-{depth}", script("#!{d}/chain-%d\n" % (depth - 1))(folder))
    os.mkdir(folder + "/dir")
    os.chmod(folder + "/dir", 0o755)
    os.mkdir(folder + "/closed")
    shutil.copy(exec_one, folder + "/closed/e")
    os.chmod(folder + "/closed", 0o600)
    os.mkfifo(folder + "/fifo")
    os.chmod(folder + "/fifo", 0o777)
    os.symlink("e", folder + "/link")
    os.symlink("loop", folder + "/loop")
    os.symlink("nothing", folder + "/dangling")
    for name, _way, content, mode in CASES:
        if content is not None:
            put(f"{folder}/{name}", content(folder) if callable(content) else content, mode)


def run(command, folder, ids):
    options = dict(user=ids, group=ids, extra_groups=[]) if ids is not None else {}
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                          env={"PATH": "/usr/bin:/bin"}, timeout=120, check=False, **options)
    status = 128 - done.returncode if done.returncode < 0 else done.returncode
    return status, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def write_corpus(folder):
    os.makedirs(folder, exist_ok=True)
    interpreters = [pie()] + [content for _name, content in bad_interpreters()]
    for i, (name, _way, content, _mode) in enumerate(CASES):
        if content is None:
            continue
        content = content("/d") if callable(content) else content
        if len(content) >= 0x3000:
            continue
        other = interpreters[i % len(interpreters)] if b"/d/ld" in content else b""
        put(f"{folder}/{name}", struct.pack("<HB", len(content), i & 1) + content + other)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lstar")
    parser.add_argument("--exec-one")
    parser.add_argument("--corpus")
    parser.add_argument("-v", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    if args.corpus:
        write_corpus(args.corpus)
        return 0
    ids = NOBODY if os.getuid() == 0 else None
    guest_id = NOBODY if ids is not None else os.getuid()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="lstar-exec-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        prepare(folder, args.exec_one)
        lstar = [args.lstar, "run", "-q", "--mount", f"{folder}:{folder}:rw", "--cwd", folder,
                 "--user", f"{guest_id}:{guest_id}", "--env", "PATH=/usr/bin:/bin", "--"]
        done = 0
        for name, way, content, _mode in CASES:
            if args.names and name not in args.names:
                continue
            place = name if content is not None else PLACES.get(name, "e")
            command = [folder + "/e", way, f"{folder}/{place}"]
            native = run(command, folder, ids)
            guest = run(lstar + command, folder, None)
            same = native[:2] == guest[:2]
            wrong += not same
            done += 1
            if args.v or not same:
                print(f"{'ok' if same else 'WRONG'} {name}: native {native[0]} {native[1][:400]!r}"
                      + ("" if same else f", lstar {guest[0]} {guest[1][:400]!r} {guest[2][-300:]!r}"))
    print(f"{done} cases, {wrong} wrong")
    return 1 if wrong or not done else 0


if __name__ == "__main__":
    sys.exit(main())
