# SPDX-License-Identifier: GPL-2.0-or-later
"""Shells that make processes: pipelines, background jobs, traps, substitutions, coprocesses, job control without a terminal."""

BUSYBOX = {
    "pipelines": "for n in 1 2 3 4 5; do echo $n line; done | sort -r | while read a b; do echo \"$b-$a\"; done | sed 's/-/ /' | "
                 "tr a-z A-Z | head -3; ! false | true; echo $?; false | true; echo $?; set -o pipefail; false | true; echo $?; "
                 "seq 1 20000 | gzip | gunzip | wc -l; yes | head -2; echo a | { read x; echo $x; exit 3; }; echo $?",
    "substitution": "x=$(echo $(echo $(echo deep) er) still; exit 7); echo \"$x\" $?; echo `echo back \\`echo tick\\``; "
                    "f() { case $1 in 0) echo bottom;; *) echo \"$1 $(f $(($1 - 1)))\";; esac; }; f 20; "
                    "y=$(seq 1 5000); echo ${#y}; (a=1; (a=2; (a=3; echo $a); echo $a); echo $a); echo ${a-unset}",
    "recursion": "d() { [ $1 -eq 0 ] && { echo bottom; return 5; }; ( d $(($1 - 1)); exit $? ); }; d 60; echo $?",
    "background": "(exit 3) & p=$!; wait $p; echo $?; for i in 1 2 3; do (exit $i) & eval p$i=$!; done; wait $p2; echo $?; wait $p1; "
                  "echo $?; wait $p3; echo $?; wait; echo $?; wait 99999; echo $?; sleep 100 & kill $!; wait $!; echo $?; "
                  "sleep 100 & kill -9 $!; wait $!; echo $?",
    "traps": "trap 'echo usr1; trap - USR1' USR1; kill -USR1 $$; trap 'echo bye $?' EXIT; trap '' TERM; kill $$; echo alive; "
             "(trap 'echo inner exit' EXIT; exit 4); echo $?; trap 'echo int' INT; kill -INT $$; "
             "sh -c 'kill -HUP $PPID' & trap 'echo hup' HUP; wait; wait; trap; exit 9",
    "wait-trap": "trap 'echo got usr1' USR1; (kill -USR1 $$; sleep 0.05; exit 6) & wait $!; s=$?; [ $s -gt 128 ] && { wait $!; s=$?; }; echo $s",
    "redirections": "exec 3>out 4<text; echo to three >&3; read l <&4; echo ${#l}; exec 3>&- 4<&-; cat out; { echo o; echo e >&2; } 2>&1 >out2 | "
                    "sed s/^/piped:/; cat out2; exec 5<>both; echo first >&5; cat <both; cat <<A; cat <<'B' | wc -c\n$((6*7))\nA\nraw $x\nB\n"
                    "ls nowhere 2>&1 >/dev/null | wc -l; echo data >out; echo more >>out; set -C; echo no >out; echo $?; cat out",
    "limits": "ulimit -n 50; ulimit -n; ulimit -c 0; ulimit -c; (ulimit -f 1; dd if=/dev/zero of=big bs=1024 count=10 2>/dev/null; echo $?); "
              "ls -l big | tr -s ' ' | cut -d' ' -f5; (ulimit -v 60000; ulimit -v)",
    "jobs": "set -m; sleep 50 & sleep 51 & jobs; kill %1; wait %1; echo $?; jobs; kill -STOP %2; kill -9 %2; wait %2; echo $?; wait; echo done",
    "exec": "(exec sh -c 'echo replaced $0 $1; exit 3' zero one); echo $?; exec sh -c 'exec sh -c \"exit 17\"'",
    "signals": "sh -c 'kill -SEGV $$'; echo $?; sh -c 'kill -ABRT $$'; echo $?; sh -c 'trap : PIPE; yes | head -1'; echo $?; "
               "sh -c 'exec sh -c \"kill -KILL \\$\\$\"'; echo $?; kill -l 9; kill -l 137; kill -0 $$; echo $?; kill -0 99999; echo $?",
    "find": "find . -type f -name 't*' -exec wc -l {} + | sort; find . -type f | sort | xargs -n 2 echo | head -5; ls | xargs -P 4 -n 1 sh -c 'echo $0' | sort",
    "functions": "r() { local IFS=,; echo \"$*\"; }; r a b c; set -- 'a b' c; for x; do echo \"<$x>\"; done; shift; echo $#; eval 'z=$1'; "
                 "echo $z; getopts x: o -x val; echo $o $OPTARG; case abc in a*) echo glob;; esac; [ -t 0 ] || echo no terminal; command -v echo; "
                 "unset none; echo ${none:-default} ${z:+set} ${#z} ${z%?} ; : ${none:?is missing}",
    "read": "printf 'a b\\\\ c\\nraw\\\\n\\n' >in; { read x y; read -r z; echo \"$x|$y|$z\"; } <in; read -t 0.05 x </dev/zero; "
            "echo $(( $? != 0 )); echo abcdef | { read -n 3 x; echo $x; }; while IFS=: read u v; do echo $v $u; done <<E\n1:2\n3:4\nE\n",
    "arithmetic": "i=0; while [ $i -lt 2000 ]; do i=$((i + 1)); s=$((s + i * i % 7)); done; echo $s $((0x1f)) $((1 << 40)) $((i > 5 && i < 9000)) "
                  "$((-7 / 2)) $((i++)) $i $((~5)); echo $((1 / 0))",
}
for name, script in BUSYBOX.items():
    # Whether a killed job is announced depends on who is quicker.
    Case("ash/" + name, "busybox sh -c {script} sh one two", script=script, inputs="small", timeout=120, stderr=name != "jobs")

BASH = {
    "pipelines": "for n in {1..5}; do echo $n line; done | sort -r | while read a b; do echo \"$b-$a\"; done | sed 's/-/ /' | tr a-z A-Z | head -3; "
                 "false | true | (exit 3); echo ${PIPESTATUS[@]}; set -o pipefail; false | true; echo $?; shopt -s lastpipe; echo x | read v; echo $v; "
                 "seq 1 20000 | gzip | gunzip | wc -l; yes | head -2; echo a |& cat",
    "substitution": "x=$(echo $(echo $(echo deep) er) still; exit 7); echo \"$x\" $?; diff <(seq 1 5) <(seq 2 6); cat <(echo one) <(echo two); "
                    "echo to >(cat >sub) 2>/dev/null; seq 3 > >(tac > tacked); wait; wait $!; f() { (($1)) && echo \"$1 $(f $(($1 - 1)))\" || echo bottom; }; f 30; "
                    "y=$(<text); echo ${#y}; echo $(( $(echo 6) * $(echo 7) )); z=`echo \\`echo tick\\``; echo $z; while read l; do ((n++)); done < <(seq 100); echo $n",
    "recursion": "d() { (($1 == 0)) && { echo $BASH_SUBSHELL; return 5; }; ( d $(($1 - 1)); exit $? ); }; d 60; echo $?",
    "wait-n": "for i in 5 6 7; do (exit $i) & wait -n; echo $?; done; sleep 100 & a=$!; (exit 4) & b=$!; "
              "wait -n -p who $a $b; echo $? $((who == b)); kill $a; wait $a; echo $?; wait -n; echo $?",
    "background": "(exit 3) & p=$!; wait $p; echo $?; for i in 1 2 3; do (exit $i) & p[i]=$!; done; wait ${p[2]}; echo $?; wait ${p[1]} ${p[3]}; echo $?; "
                  "wait 99999; echo $?; sleep 100 & kill $!; wait $!; echo $?; sleep 100 & kill -9 $!; wait $!; echo $?; { sleep 100 & } ; jobs -p | wc -l; disown; jobs; kill $!",
    "coproc": "coproc { while read l; do echo \"got $l\"; done; }; echo hello >&${COPROC[1]}; read r <&${COPROC[0]}; echo $r; echo again >&${COPROC[1]}; "
              "read r <&${COPROC[0]}; echo $r; p=$COPROC_PID; exec {COPROC[1]}>&-; wait $p; echo $?; coproc NAMED (tr a-z A-Z); echo text >&${NAMED[1]}; "
              "eval \"exec ${NAMED[1]}>&-\"; cat <&${NAMED[0]}; wait",
    "traps": "trap 'echo usr1' USR1; kill -USR1 $$; trap 'echo bye $?' EXIT; trap '' TERM; kill $$; echo alive; (trap 'echo inner' EXIT; exit 4); echo $?; "
             "trap 'echo err $? at $LINENO' ERR; false; set -E; g() { false; }; g; trap - ERR; trap 'echo debug: $BASH_COMMAND' DEBUG; x=1; echo $x; trap - DEBUG; "
             "h() { trap 'echo return' RETURN; :; }; h; trap -p USR1; exit 9",
    "trap-chld": "set -m; n=0; trap '((n++))' CHLD; for i in 1 2 3; do (exit $i); done; (exit 4) & wait; trap - CHLD; echo $((n >= 4))",
    "wait-trap": "trap 'echo got usr1' USR1; (kill -USR1 $$; sleep 0.05; exit 6) & wait $!; s=$?; ((s > 128)) && { wait $!; s=$?; }; echo $s",
    "jobs": "set -m; sleep 50 & sleep 51 & jobs -r | wc -l; kill %1; wait %1; echo $?; kill -STOP %2; while ! jobs -s | grep -q Stopped; do sleep 0.01; done; "
            "jobs; bg %2 >/dev/null; jobs; kill %2; wait %2; echo $?; (exit 5) & fg %+ ; echo $?",
    "stop-self": "set -m; sh -c 'kill -STOP $$; echo continued; exit 8' & while ! jobs -s | grep -q Stopped; do sleep 0.01; done; fg; echo $?",
    "groups": "set -m; sh -c 'ps -o pgid= -p $$ 2>/dev/null; :' >/dev/null & wait; (sleep 100; echo no) & kill -TERM -- -$!; wait $!; echo $?; set +m; (trap '' INT; sleep 0.01; echo survives) & kill -INT $!; wait $!; echo $?",
    "redirections": "exec 3>out 4<text {fd}>named; echo to three >&3; read -ru4 l; echo ${#l} $((fd >= 10)); echo n >&$fd; exec 3>&- 4<&- {fd}>&-; cat out named; "
                    "{ echo o; echo e >&2; } 2>&1 >out2 | sed s/^/piped:/; cat out2; exec 5<>both; echo first >&5; cat both; cat <<A - <<<string; cat <<'B' | wc -c\n$((6*7))\nA\nraw $x\nB\n"
                    "echo &>all; ls nowhere &>>all; wc -l <all; set -C; echo no >out; echo $?; echo yes >|out; cat out; exec >redirected; echo gone",
    "printf": "printf -v v '%05d|%-6s|%x' 42 ab 255; echo \"$v\"; printf '%s=%s\\n' a 1 b 2; printf '%b\\n' 'a\\tb'; printf -v arr[2] x; echo ${!arr[@]}; mapfile -t -n 3 -s 1 m < text; "
              "echo ${#m[@]} ${#m[0]}; readarray -d '' z < <(printf 'p\\0q\\0'); echo ${z[@]}; mapfile -C 'echo cb' -c 2 k < <(seq 4); read -t 0.05 x < <(sleep 1); echo $(($? > 128)); "
              "read -d : a <<<'x:y'; echo $a; read -N 4 c < text; echo ${#c}; IFS=, read -a f <<<'1,2,3'; echo ${f[2]}",
    "time": "TIMEFORMAT=%R; { time sleep 0.01; } 2>t; [[ $(<t) == 0.* ]] && echo timed; { time -p :; } 2>&1 | cut -d' ' -f1; times | wc -l",
    "limits": "ulimit -n 50; ulimit -n; ulimit -Hn; ulimit -c 0; ulimit -a | wc -l; (ulimit -f 1; head -c 10000 /dev/zero >big); echo $?; stat -c %s big; (ulimit -u 1; ulimit -u)",
    "exec": "(exec -a other sh -c 'echo $0'); (exec -c env | wc -l); (exec /nowhere/x); echo $?; exec sh -c 'exec sh -c \"exit 17\"'",
    "signals": "sh -c 'kill -SEGV $$'; echo $?; sh -c 'trap : PIPE; yes | head -1'; echo $?; sh -c 'exec sh -c \"kill -KILL \\$\\$\"'; echo $?; kill -l 9; kill -l TERM; kill -0 $$; echo $?; "
               "yes | head -1 >/dev/null; echo ${PIPESTATUS[@]}; timeout 0.05 sleep 10; echo $?; timeout -s KILL 0.05 sleep 10; echo $?",
    "xargs": "find . -type f | sort | xargs -n 2 echo | head -5; ls | xargs -P 4 -n 1 sh -c 'echo $0' | sort; seq 100 | xargs -P 8 -I{} sh -c 'exit 0'; echo $?",
    "parallel": "for i in {1..40}; do { echo $i > p.$i; } & done; wait; cat p.* | sort -n | tail -1; ls p.* | wc -l; rm p.*",
}
NAMES_PIDS = ("jobs", "groups", "substitution", "background", "limits", "signals")
for name, script in BASH.items():
    Case("bash-jobs/" + name, "bash-static -c {script} bash one two", script=script, host=True, timeout=120, ignore=["t"],
         stderr=name not in NAMES_PIDS)

ZSH = {
    "pipelines": "print -l c a b | sort | tr a-z A-Z; false | true; print $pipestatus; print x | read v; print $v; seq 1 5000 | gzip | gunzip | wc -l; "
                 "diff <(seq 3) <(seq 2 4); wc -l =(seq 7) | cut -d' ' -f1; print out > >(cat); f() { (( $1 )) && print $1 $(f $(( $1 - 1 ))) || print bottom }; f 20",
    "background": "(exit 3) & wait $!; print $?; sleep 100 & kill $!; wait $!; print $?; for i in 1 2 3; do (exit $i) & done; wait; print done; "
                  "coproc tr a-z A-Z; print -p hello; coproc exit; read -p l; print $l",
    "traps": "TRAPUSR1() { print usr1 }; kill -USR1 $$; trap 'print bye' EXIT; trap 'print zerr' ZERR; false; (exit 4); print $?; TRAPCHLD() { print -n }; (exit 1) & wait $!; print $?; exit 2",
    "multios": "print both > a > b; cat a b; cat < a < b; print x | tee c > d; cat c d; exec 3<text; read -u3 l; print ${#l}; sysread=1; print -u2 error",
}
for name, script in ZSH.items():
    Case("zsh-jobs/" + name, "zsh-static -f -c {script} zsh one two", script=script, host=True, timeout=120)
