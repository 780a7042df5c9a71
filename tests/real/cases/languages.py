# SPDX-License-Identifier: GPL-2.0-or-later
"""C, C++, Zig and Rust programs, SQLite, Lua, zlib and OpenSSL, as prepare built them; further static programs of Debian."""
for kind in ("musl", "glibc", "pie"):
    Case("c/" + kind, "{bin}/libc-" + kind + " zwei eins drei", inputs="nothing")
    Case("c/" + kind + "-full", "{bin}/libc-" + kind, inputs="nothing", options=["--no-aslr"])
Case("cpp/exceptions", "{bin}/exceptions", inputs="nothing")

Case("sqlite/file", "{bin}/sqlite test.db", inputs="nothing", ignore=["test.db"], timeout=600,
     follow="{ command -v sqlite3 >/dev/null && sqlite3 test.db 'PRAGMA integrity_check' || echo ok; }")
Case("sqlite/memory", "{bin}/sqlite", inputs="nothing", timeout=600)
Case("sqlite/wal", "{bin}/sqlite test.db {script}", script="PRAGMA journal_mode=WAL", inputs="nothing",
     ignore=["test.db"], timeout=600)
Case("sqlite/mmap", "{bin}/sqlite test.db {script}", script="PRAGMA mmap_size=100000000; PRAGMA synchronous=OFF",
     inputs="nothing", ignore=["test.db"], timeout=600)
Case("lua/workload", "{bin}/lua workload.lua", inputs="lua")
Case("lua/error", "{bin}/lua no-such.lua", inputs="nothing")
Case("zlib/levels", "{bin}/zlib", inputs="nothing")
Case("openssl/crypto", "{bin}/crypto", inputs="nothing")
Case("openssl/crypto-plain", "{bin}/crypto", inputs="nothing", env={"OPENSSL_ia32cap": "0:0"})

Case("zig/copy", "{bin}/copy-zig random.bin copied", labels=("toolchain",))
Case("rust/std", "{bin}/std-rust a b", labels=("toolchain",), stderr=False)
for name, command in (("plain", "-n 'kalo' text"), ("regex", "-c '^(ka|lo)+ .*(vel|sun)$' text text2"),
                      ("recursive", "--sort path --hidden in dir"), ("mmap", "--mmap -o 'ter[a-z]+' text"),
                      ("fixed", "-F --files-with-matches kalo"), ("stdin", "-v x -")):
    Case("ripgrep/" + name, "{bin}/rg -j1 --no-config " + command, labels=("toolchain",), stdin="axb\nab\n")

Case("e2fsck/good", "/sbin/e2fsck.static -f -n good.img", inputs="ext4")
Case("e2fsck/bad", "/sbin/e2fsck.static -f -n bad.img", inputs="ext4")
Case("e2fsck/version", "/sbin/e2fsck.static -V", inputs="nothing")
Case("gpgv/version", "gpgv-static --version", inputs="nothing")
Case("gpgv/no-signature", "gpgv-static --keyring ./none text")
Case("glibc/ldconfig", "/sbin/ldconfig -V", inputs="nothing")

# Dynamically linked: the host's own root and working folder.
Case("host/ls", "ls -lan dir packed", host=True)
Case("host/python", "/usr/bin/python3 -c {script}", host=True, script="import json, re, sys, os, hashlib, zlib\n"
     "print(json.dumps({'a': [1, 2.5, None]}), re.sub('a+', 'b', 'caat'), sum(range(10000)))\n"
     "print(hashlib.sha256(open('text', 'rb').read()).hexdigest(), sorted(os.listdir('dir')))\n"
     "print(len(zlib.compress(b'x' * 10000)), 2 ** 200, [c for c in 'héllo'])\n"
     "try:\n    open('/nonexistent')\nexcept OSError as e:\n    print(e)\nsys.exit(3)\n")
Case("host/perl", "perl -e {script}", host=True, script="my %h; open my $f, '<', 'text' or die; while (<$f>) { $h{$_}++ for split } "
     "print join(' ', map { \"$_=$h{$_}\" } (sort keys %h)[0..20]), \"\\n\"; printf '%.3f %s', atan2(1,1)*4, scalar reverse 'abc'; "
     "print sprintf('%b', 10), \"\\n\"; my @l = sort { $a <=> $b } map { $_ * 7 % 101 } 1..50; print \"@l\\n\"; exit 5")
Case("host/libc", "{bin}/libc-dynamic zwei eins drei", host=True, inputs="nothing")
for name, command in (
        ("coreutils-sort", "sort --parallel=1 text"), ("coreutils-sha512", "sha512sum text random.bin"),
        ("coreutils-stat", "stat -c '%n %s %a' text dir"), ("coreutils-cp", "cp -a dir copy"),
        ("coreutils-find", "find dir -type f"), ("coreutils-grep", "grep -c -P 'ka(?=lo)' text"),
        ("coreutils-sed", "sed -n 10,20p text"), ("coreutils-awk", "awk '{ n += NF } END { print n }' text"),
        ("coreutils-tar", "tar tvf packed/dir.tar"), ("coreutils-xz", "xz -dc packed/text.xz"),
        ("coreutils-bzip2", "bzip2 -dc packed/text.bz2"), ("coreutils-diff", "diff -u text text2"),
        ("coreutils-factor", "factor 1000000007000000011"), ("coreutils-date", "date -u -d @1234567890"),
        ("coreutils-du", "du -b dir/a"), ("coreutils-tsort", "ls --color=always dir")):
    Case("host/" + name, command, host=True)

# Large: 200 MB of lines.
Case("large/sort", "busybox sort -o sorted large", inputs="large", labels=("large",), timeout=1200)
Case("large/sha256", "busybox sha256sum large", inputs="large", labels=("large",), timeout=600)
Case("large/gzip", "busybox gzip -1 large", inputs="large", labels=("large",), timeout=1200)
