# SPDX-License-Identifier: GPL-2.0-or-later
"""Tools that start many processes, dynamically linked, under --host: compilers, make, git, perl with fork, archivers, editors."""


def tool(name, script, **more):
    Case("tools/" + name, "/bin/sh -e -c {script}", script=script, host=True, timeout=200, **more)


GIT = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_NAME": "C",
       "GIT_COMMITTER_EMAIL": "c@example.org", "GIT_COMMITTER_DATE": "1700000000 +0000", "GIT_CONFIG_NOSYSTEM": "1"}
tool("git", "git init -q -b main repo; cd repo; cp -r ../dir ../text .; git add -A; git commit -q -m first; echo more >>text; git diff --stat; git commit -qam second; "
     "git log --stat --format='%H %an %s'; git checkout -q -b side HEAD~1; echo side >side; git add side; git commit -q -m side; git merge -q --no-edit main; "
     "git log --graph --format=%s; cd ..; git clone -q repo copy; cd copy; git fsck --strict 2>&1; git gc -q; git rev-parse HEAD; git ls-tree -r HEAD | wc -l; git blame text | wc -l; "
     "git archive HEAD | tar tf - | head -3; cd ..; rm -rf repo copy", env=GIT)
MAKE = "all: main\n\t./main; echo built with $(words $(OBJECTS)) objects\nOBJECTS = $(patsubst %,f%.o,1 2 3 4 5 6)\nmain: main.o $(OBJECTS)\n\t$(CC) -o $@ $^\n" \
       "%.o: %.c h.h\n\t$(CC) -O1 -c -o $@ $<\nf%.c:\n\t@echo \"#include \\\"h.h\\\"\" >$@; for i in 1 2 3; do echo \"int f$*_$$i(int x) { return x * $* + $$i; }\"; done >>$@\n" \
       "clean:\n\trm -f *.o main f*.c\nerror:\n\t@false\nsub:\n\t@$(MAKE) -s clean && $(MAKE) -s -j4 all\n.PHONY: all clean sub\n"
tool("make", "cat >Makefile; echo 'int g(int);' >h.h; printf '%s' 'int printf(const char *, ...); int f1_1(int), f6_3(int); int main(void) { printf(\"%d %d\\n\", f1_1(3), f6_3(4)); return 0; }' >main.c; "
     "make -s -j4; make -q all || echo old; touch h.h; make -s -j2 | tail -1; make -s sub; make -k error || echo failed $?; make -s clean; ls", stdin=MAKE, inputs="nothing")
tool("gcc", "printf '#include <stdio.h>\\n#include <math.h>\\nint main(int c, char **v) { printf(\"%%d %%.3f\\\\n\", c, sqrt(c)); return c; }\\n' >a.c; gcc -O2 -Wall -c a.c; nm a.o; gcc -o a a.o -lm; "
     "./a x y || echo $?; gcc -O2 -S -o - a.c | grep -c call; echo 'int main(void) { return x; }' >b.c; gcc -fno-diagnostics-color b.c 2>&1 || echo $?; gcc -static -flto -O2 -o s a.c -lm; ./s || echo $?; ar rcs l.a a.o; ar t l.a; "
     "objdump -d a.o | wc -l; rm a s l.a", inputs="nothing")
tool("perl-fork", "perl -e '$|=1; for my $i (1..5) { my $p = fork // die; if (!$p) { exit $i } waitpid $p, 0; print $? >> 8, \"\\n\" } pipe R, W; if (!fork) { close R; print W \"line $_\\n\" for 1..1000; exit } close W; my $n = () = <R>; wait; "
     "print \"$n\\n\"; my $x = `echo backticks; exit 3`; print $x, $? >> 8, \"\\n\"; open my $o, \"|-\", \"sort -r\" or die; print $o \"a\\nb\\n\"; close $o; local $SIG{ALRM} = sub { print \"alarm\\n\" }; alarm 1; select undef, undef, undef, 5; "
     "local $SIG{CHLD} = sub { 1 while waitpid(-1, 1) > 0 }; for (1..20) { fork or exit } 1 while wait != -1; print \"done\\n\"; system(\"exit 7\"); print $? >> 8, \"\\n\"; exec \"echo\", \"replaced\"'", inputs="nothing")
tool("archives", "tar czf a.tgz dir text; tar tzf a.tgz | sort; mkdir out; tar xzf a.tgz -C out; diff -r --no-dereference dir out/dir; tar cJf a.txz text; xz -t a.txz; xz -l --robot a.txz | wc -l; xz -T2 -k -9 text; xz -dc text.xz | cmp - text; "
     "bzip2 -k text2; bzip2 -dc text2.bz2 | cmp - text2; gzip -9 -c text | gzip -dc | cmp - text; rm a.tgz a.txz", ignore=["text.xz"])
tool("awk", "awk '{ for (i = 1; i <= NF; i++) n[$i]++ } END { for (w in n) print n[w], w | \"sort -rn | head -5\"; close(\"sort -rn | head -5\"); \"date -u +%Y -d @0\" | getline y; print y; system(\"exit 3\"); "
     "printf \"%s %d\\n\", toupper(\"x\"), length(n); print \"x\" > \"awk.out\" }' text; cat awk.out; awk 'BEGIN { while ((\"seq 5\" | getline l) > 0) s += l; print s; exit 4 }' || echo $?")
tool("vim", "vim -u NONE -i NONE -n -es -c '%s/ka/KA/g' -c '1,3d' -c 'g/tervel/d' -c 'normal ggyyp' -c 'wq' text || echo $?; wc -l text; "
     "vim -u NONE -i NONE -n -es -c 'r !seq 3' -c 'w made' -c 'q!'; cat made")
tool("coreutils", "seq 1 30000 | sort -R --random-source=random.bin | sort -n --parallel=2 | md5sum; seq 10 | split -l 3 - part.; cat part.*; seq 100 | shuf --random-source=random.bin | head -3; timeout 0.1 sleep 5 || echo $?; "
     "find . -name 't*' -print0 | sort -z | xargs -0 -P3 -n1 wc -l | sort; seq 3 | tee t1 t2 | wc -l; stdbuf -oL echo x; nice -n 5 nice; nohup echo y 2>/dev/null; env -i A=b env")
