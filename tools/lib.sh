# SPDX-License-Identifier: GPL-2.0-or-later
# What the tools share: messages, packages, builds. Sourced by them, with the current folder set to the top of the tree.
export LC_ALL=C

# What it takes to build the command and the library on a bare Debian 12.
build_packages="gcc libc6-dev cmake ninja-build pkg-config libcapstone-dev patch python3 python3-pip ca-certificates"
# What the tests need besides; tests/real/prepare adds its own, and says so.
test_packages="libcmocka-dev strace binutils musl-tools g++ clang libclang-rt-14-dev busybox-static qemu-user man-db"

say() { printf '== %s\n' "$*" >&2; }
die() { printf 'lstar: %s\n' "$*" >&2; exit 1; }

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Install the packages that are missing, saying which; never skip one.
need_packages() {
    local package log missing=()
    command -v dpkg-query >/dev/null ||
        die "this is no Debian: install what corresponds to these packages, then build with cmake --preset: $*"
    for package in "$@"; do
        installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing with apt-get: ${missing[*]}"
    local root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            die "these packages are missing; as root: apt-get install --no-install-recommends ${missing[*]}"
        root=(sudo)
    fi
    "${root[@]}" apt-get -qq update || say "the package lists could not be renewed: trying with those at hand"
    log=$(mktemp)
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "${missing[@]}" >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; die "apt-get could not install them: the reason stands above"; }
    rm -f "$log"
}

# configure PRESET [CMAKE OPTIONS...]
configure() {
    local preset=$1 options=()
    shift
    if command -v ccache >/dev/null; then options+=(-DCMAKE_C_COMPILER_LAUNCHER=ccache); fi
    # Configuring says little and fetches the CPU engine: show the engine's words and errors.
    cmake --preset "$preset" --log-level=WARNING "${options[@]}" "$@" >/dev/null ||
        die "the build could not be configured: the reason stands above"
}
