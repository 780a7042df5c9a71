# SPDX-License-Identifier: GPL-2.0-or-later
# Twenty lines of a small script's daily work; bench.py repeats what follows this comment until it has 1,000 lines.
i=$((i + 1)); name=file$i.txt; words="alpha beta gamma delta"
set -- $words; [ $# -eq 4 ] || exit 1
case $name in *.txt) kind=text ;; *) kind=other ;; esac
length=${#words}; first=${words%% *}; last=${words##* }
sum=$((sum * 31 + length & 65535))
for word in $words; do sum=$((sum + ${#word})); done
echo "$words $i" > $name
echo "$kind" >> $name
read -r a b rest < $name
count=$(wc -w < $name)
lines=$(cat $name | wc -l)
upper=$(echo $first | tr a-z A-Z)
if test "$upper" = ALPHA; then sum=$((sum + count + lines)); fi
field=$(echo "$i:$kind:$last" | cut -d: -f3)
(cd / && sum=0 && exit $((i & 3))) ; sum=$((sum + $?))
compare() { [ "$1" = "$2" ] && return 0; return 1; }
compare "$field" "$last" && sum=$((sum + 1))
mv $name old.txt && sum=$((sum + 2))
while read -r a b rest; do sum=$((sum + ${#a})); done < old.txt
rm old.txt
