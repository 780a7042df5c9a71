#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/install/samples.sh SOURCE BUILD: installs BUILD somewhere, builds samples/ against that, runs them, looks at what came out.
set -euo pipefail
source=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/usr

fail() { echo "FAILED: $*"; exit 1; }
# expect TEXT COMMAND...: the output holds the text
expect() {
    local want=$1 got
    shift
    got=$("$@" 2>&1) || fail "$* ended with $?: $got"
    case $got in
    *"$want"*) ;;
    *) fail "$* said: $got" ;;
    esac
}

cmake --install "$build" --prefix "$prefix" >/dev/null
lib=$(dirname "$(find "$prefix" -name liblstar.a)")
for file in bin/lstar include/lstar/lstar.h share/man/man1/lstar.1 share/bash-completion/completions/lstar \
    "${lib#"$prefix"/}/pkgconfig/lstar.pc" "${lib#"$prefix"/}/cmake/lstar/lstarConfig.cmake"; do
    [ -s "$prefix/$file" ] || fail "$file was not installed"
done
expect "lstar " "$prefix/bin/lstar" version

cp -r "$source/samples" "$work/samples" # nothing of the source tree is in reach
cmake -S "$work/samples" -B "$work/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_FLAGS="-Wall -Wextra -Werror" >"$work/log" 2>&1 ||
    { cat "$work/log"; fail "the samples could not be configured"; }
cmake --build "$work/build" >"$work/log" 2>&1 || { cat "$work/log"; fail "the samples could not be built"; }

cd "$work/build"
expect "hello, samples" ./run ./guest_hello samples
expect "it exited with 0 after" ./run ./guest_hello
expect "the root folder holds: " ./run ./guest_curious
expect "/etc/passwd      No such file or directory" ./run ./guest_curious
expect " write" ./trace ./guest_hello
expect "1 exit_group" ./trace ./guest_hello
expect "first run " ./same ./guest_hello
printf 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=b\n' >long
[ "$(./run ./guest_parser <long 2>&1 | grep -c 'killed it')" = 1 ] || fail "the parser's mistake was not found"

# The same without CMake, moved elsewhere: nothing has the prefix's name in it.
mv "$prefix" "$work/moved"
flags=$(PKG_CONFIG_PATH=$work/moved/${lib#"$prefix"/}/pkgconfig pkg-config --cflags --libs lstar)
# shellcheck disable=SC2086 # flags are words
gcc "$work/samples/embed/run.c" -o "$work/run" $flags
expect "hello, pkg-config" "$work/run" ./guest_hello pkg-config

# Every sample is short.
long=$(wc -l "$source"/samples/*/*.c | awk '$2 != "total" && $1 >= 80')
[ -z "$long" ] || fail "samples of 80 lines and more: $long"
echo "the samples work"
