# SPDX-License-Identifier: GPL-2.0-or-later
"""Statically linked shells, each with scripts that need no second process."""


def bash(name, script, **more):
    Case("bash/" + name, "bash-static -c {script} bash one two", script=script, **more)


bash("loops", "for ((i = 0; i < 3000; i++)); do ((s += i)); done; echo $s; until ((s < 5)); do ((s /= 3)); done; echo $s; for w in {a..e}{1..2}; do printf '%s ' $w; done; echo")
bash("arrays", "a=(x 'y z' w); a+=(v); a[7]=far; echo ${#a[@]} ${!a[@]} \"${a[1]}\" ${a[@]:1:2}; declare -A m=([k]=1 [other]=2); for k in k other; do echo $k=${m[$k]}; done; unset 'a[0]'; echo ${a[*]}; mapfile -t lines < text; echo ${#lines[@]} ${#lines[99]}")
bash("here", "cat() { while IFS= read -r l; do echo \"$l\"; done; }; v=value; cat <<EOF\nhere $v $((1 + 1))\nEOF\ncat <<'EOF'\nraw $v\nEOF\ncat <<<\"a string\"; cat <<-EOF\n\ttabs gone\n\tEOF\n")
bash("here-large", "printf -v big '%s-' {1..30000}; while read -r l; do echo ${#l}; done <<EOF\n$big\nEOF\n")
bash("arithmetic", "echo $((2**62)) $((16#ff)) $((36#zz)) $((-17 % 5)) $((7 & 3 ^ 1)) $((1 << 40)) $((x = 4, x *= x, x++)) $x; let 'y = 3 * 4'; echo $y; ((0)) || echo zero; echo $((1/0))")
bash("regex", "[[ 'key=value 42' =~ ^([a-z]+)=([a-z]+)\\ ([0-9]+)$ ]] && echo ${BASH_REMATCH[@]}; n=0; while read -r l; do [[ $l =~ (ka|lo){2}.*sun$ ]] && ((n++)); done < text; echo $n; [[ abc == a* && abc != *z ]] && echo glob; [[ x =~ ( ]]", stderr=True)
bash("strings", "s='Hello, World'; echo ${s^^} ${s,,} ${s//o/0} ${s#*,} ${s: -5} ${s/%World/Moon} ${s@Q}; printf '%q %5.2f %(%Y)T %x\\n' \"a b\" 2.345 0 255; shopt -s extglob; echo ${s//+([lo])/_}")
bash("functions", "f() { local n=$1; if ((n < 2)); then r=$n; return; fi; f $((n - 1)); local a=$r; f $((n - 2)); r=$((a + r)); }; f 14; echo $r $# $@ $FUNCNAME")
bash("case", "for x in foo.c bar.h 12 -x; do case $x in *.c) echo source ;;& *.[ch]) echo code ;; [0-9]*) echo number ;; *) echo other ;; esac; done; select_me=1; echo ${!select_*}")
bash("files", "echo data > f; echo more >> f; read -r x < f; exec 5<> f; read -ru5 y; echo $x $y; [[ -s f && ! -d f && f -nt nothing ]] && echo ok; echo dir/*; shopt -s globstar dotglob; echo **/file dir/*; cd dir; echo ${PWD##*/}; pwd; : > ../empty2")
bash("trap", "trap 'echo exit $?' EXIT; set -e; false; echo never")
bash("exit", "exit 300")
bash("kill", "kill -9 $$")
bash("abort", "kill -ABRT $$")
bash("exec", "exec busybox echo replaced $1", options=["--mount", "/bin/busybox:/bin/busybox"])
bash("missing", "exec /no/such/program")
bash("syntax", "for x in; do")
bash("builtins", "type -t cd echo; declare -i n=5; n+=3; echo $n; declare -p n; printf '%s\\n' \"${@:1}\"; getopts ab: o -a; echo $o; ulimit -c; umask; hash; times > t; [[ -s t ]] && echo times; echo $((RANDOM >= 0)) $BASH_VERSION $UID; readonly q=1; q=2", ignore=["t"])
bash("sieve", "n=3000; for ((i = 2; i <= n; i++)); do p[i]=1; done; for ((i = 2; i * i <= n; i++)); do if ((p[i])); then for ((j = i * i; j <= n; j += i)); do p[j]=0; done; fi; done; c=0; for ((i = 2; i <= n; i++)); do ((c += p[i])); done; echo $c")
Case("bash/script", "bash-static -s first", stdin="echo $1\nread line\nthe line\necho got $line\nexit 4\n")
Case("bash/version", "bash-static --version")
Case("bash/posix", "bash-static --posix -c 'set -o; echo $POSIXLY_CORRECT'")
Case("bash/not-there", "bash-static no-such-script")


def zsh(name, script, **more):
    Case("zsh/" + name, "zsh-static -f -c {script} zsh one two", script=script, **more)


zsh("loops", "for ((i = 0; i < 3000; i++)) (( s += i )); echo $s; for x in {1..5}; do print -n $x' '; done; print; repeat 3 print again")
zsh("arrays", "a=(c a b); print ${(o)a} $#a $a[2] ${a[-1]}; typeset -A m; m=(k v other w); for k in ${(ko)m}; do print $k=$m[$k]; done; print ${(j:-:)a} ${(s:.:)${:-x.y.z}}")
zsh("arithmetic", "print $(( 2 ** 40 )) $(( 7.0 / 2 )) $(( 16#ff )) $(( -17 % 5 )); float f=1.5; (( f *= 3 )); printf '%.3f\\n' f; integer n=5; (( n++ )); print $n")
zsh("strings", "s='Hello, World'; print ${(U)s} ${s//o/0} ${s[1,5]} ${#s} ${(q)s}; print -P '%%'; printf '%05d|%s\\n' 42 x; [[ $s = Hell* ]] && print glob; [[ foobar =~ 'o+(b)' ]] && print $match[1]")
zsh("files", "print data > f; read x < f; print $x; print dir/*(N); print **/file(N); print -l *(.); print dir/*(@); [[ -f f ]] && print ok; while read -r l; do (( n++ )); done < text; print $n")
zsh("functions", "f() { (( $1 < 2 )) && { r=$1; return }; f $(( $1 - 1 )); local a=$r; f $(( $1 - 2 )); (( r += a )) }; f 12; print $r; g() { print $# $1; return 3 }; g x y; print $?")
zsh("here", "read a b <<< 'one two'; print $b; while read l; do print \"<$l>\"; done <<EOF\nfirst\nsecond\nEOF\n")
zsh("exit", "TRAPEXIT() { print bye }; exit 12")
zsh("kill", "kill -TERM $$; print no")
zsh("error", "print before; cd /nowhere; print $?; print ${none?unset}")
zsh("modules", "zmodload zsh/mathfunc zsh/datetime; print $(( sqrt(2) )) $(( EPOCHSECONDS > 0 )); strftime '%Y-%m-%d' 0; zmodload zsh/stat; zstat -H st text; print $st[size]")

# mksh comes with several C libraries: Debian's static one, musl, klibc. (dietlibc's cannot run where there is no vDSO.)
MKSH = "i=0; while (( i < 2000 )); do let i++; done; print $i; set -A a c b a; print ${a[1]} ${#a[*]}; print ${PWD##*/}; " \
       "f() { typeset x=$1; (( x < 2 )) && return; f $((x - 1)); r=$((r + x)); }; f 20; print $r; n=0; " \
       "while read -r l; do n=$((n + 1)); done < text; print $n; print dir/*; print data > out; read x < out; print $x; " \
       "[[ -f out && abc = a* ]] && print ok; case $x in d*) print d;; esac; read y <<EOF\nhere $x\nEOF\nprint $y; exit 6"
for path in ("/bin/mksh-static", "/bin/lksh", "/usr/lib/klibc/bin/mksh",
             "/usr/lib/x86_64-linux-musl/bin/mksh"):
    Case("mksh/" + path[1:].replace("/", "-"), path + " -c {script}", script=MKSH)
Case("sash/script", "/bin/sash -c {script}", script="-ls -1 dir")
Case("sash/builtins", "/bin/sash", stdin="-echo hello\n-mkdir made\n-cp text made/copy\n-ls made\n-chmod 600 text\n-grep -n kalo text2\n"
     "-sum text\n-cmp text made/copy\n-gzip text2\n-tar cf new.tar dir\n-tar tf new.tar\n-pwd\n-exit\n", ignore=["new.tar", "text2.gz"])
