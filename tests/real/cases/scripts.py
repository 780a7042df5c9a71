# SPDX-License-Identifier: GPL-2.0-or-later
"""Long shell scripts: a configure-like one of 2,000 lines for dash and busybox, one of 1,000 small commands for bash."""


def configure(checks):
    """What autoconf's scripts do: probe, cache, substitute; about thirteen lines a check."""
    lines = ["#!/bin/sh", "exec 5>config.log", "ac_ok=0 ac_no=0 confdefs=confdefs.h; : >$confdefs", "as_echo() { printf '%s\\n' \"$*\"; }",
             "ac_try() { { (eval echo \"trying: $1\") >&5; (eval \"$1\") >&5 2>&5; ac_status=$?; echo \"status = $ac_status\" >&5; (exit $ac_status); }; }",
             "if test \"${ZSH_VERSION+set}\" = set; then emulate sh; fi", "case `(set -o) 2>/dev/null` in *posix*) set -o posix || : ;; esac"]
    for i in range(checks):
        name = f"have_thing_{i}"
        test = ("test -d dir", "grep -q kalo text", "expr $n % 3 = 0 >/dev/null", "test `echo $n | sed s/1/2/` != $n", "cat conftest.c | wc -l | grep 3")[i % 5]
        lines += [f"n={i}", f"as_echo \"checking for {name}... \" >&5", f"if test \"${{ac_cv_{name}+set}}\" = set; then", "  as_echo '(cached)' >&5", "else",
                  "  cat >conftest.c <<_ACEOF", f"#define N $n\nint f{i}(void);\n/* $confdefs `echo nested` */", "_ACEOF",
                  f"  if ac_try '{test}'; then ac_cv_{name}=yes; else ac_cv_{name}=no; fi" if i % 3 == 0 else f"  if {test} >&5; then eval \"ac_cv_{name}=yes\"; else ac_cv_{name}=no; fi",
                  "fi", f"if test x$ac_cv_{name} = xyes; then ac_ok=`expr $ac_ok + 1`; else ac_no=$((ac_no + 1)); fi" if i % 2 else
                  f"case $ac_cv_{name} in yes) ac_ok=$((ac_ok + 1)) ;; *) ac_no=$((ac_no + 1)) ;; esac",
                  f"as_echo \"#define {name.upper()} 1\" >>$confdefs"]
    lines += ["trap 'rm -f conftest*; exit 5' 0", "sed -n 's/#define \\([A-Z_0-9]*\\) .*/s,@\\1@,1,/p' confdefs.h >subst.sed; wc -l <subst.sed",
              "(IFS=:; p=dir:text:packed; for d in $p; do test -d \"$d\" || echo no $d; done); for i in `seq 50`; do echo \"$i @HAVE_THING_$i@\"; done | sed -f subst.sed >made",
              "cat made | while read a b; do test \"x$b\" = x1 || echo odd $a $b; done; wc -l <confdefs.h; md5sum made; echo $ac_ok $ac_no; echo lines $LINENO >&5; rm -f config.log"]
    return "\n".join(lines) + "\n"


CONFIGURE = configure(150)
assert CONFIGURE.count("\n") >= 2000, CONFIGURE.count("\n")
Case("configure/dash", "dash -s", stdin=CONFIGURE, host=True, timeout=200)
Case("configure/ash", "busybox sh -s", stdin=CONFIGURE, timeout=200)
Case("configure/bash", "bash-static -s", stdin=CONFIGURE, host=True, timeout=200, labels=("large",))

COMMANDS = ("x=$(echo {i}); echo $x", "echo {i} | cat", "[[ {i} =~ ^[0-9]+$ ]] && (exit $(({i} % 7))); echo $?", "f{i}() {{ local v=$1; echo $((v * {i})); }}; f{i} 3",
            "true {i} && false || echo either {i}", "a[{i}]={i}; echo ${{#a[@]}}", "read v < <(echo sub {i}); echo $v", "echo {i} >>log; wc -l <log", "case {i} in *7) basename /a/b{i};; *) :;; esac",
            "test {i} -gt 500 && expr {i} + 1")
Case("scripts/bash-1000", "bash-static -s", stdin="".join(COMMANDS[i % 10].format(i=i) + "\n" for i in range(1000)), host=True, inputs="nothing", timeout=200)
