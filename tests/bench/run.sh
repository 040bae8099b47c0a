#!/bin/sh
# sh tests/bench/run.sh [ROUNDS]
#
# Measures the programs beside the distribution's runit in one interleaved run and prints a Markdown table: the default
# build, a static one, and, where the compiler of tests/support/musl-toolchain.sh is (or the system is one of musl), the
# static musl build. Builds go to build/bench/.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
rounds=${1:-5}
. tests/support/packages.sh
need_build_tools
need python3 python3-minimal python3
need runsvdir runit runit
want strace strace strace 'the row of system calls'
install_missing >&2

out=$root/build/bench
mkdir -p "$out"

# build NAME [cmake arguments]: installs the stripped programs in $out/NAME
build() {
    name=$1
    shift
    {
        cmake -G "$(generator)" -B "$out/build-$name" -DRUNSUITE_TESTS=OFF "$@" . &&
            cmake --build "$out/build-$name" --parallel "$(nproc)" &&
            cmake --install "$out/build-$name" --strip --prefix "$out/$name"
    } >"$out/build-$name.log" 2>&1 || { cat "$out/build-$name.log" >&2; exit 1; }
}

build glibc -DCMAKE_BUILD_TYPE=Release
build glibc-static -DCMAKE_BUILD_TYPE=MinSizeRel -DRUNSUITE_STATIC=ON
suites="--ours glibc=$out/glibc/sbin --ours glibc-static=$out/glibc-static/sbin"
musl=${MUSL_CXX:-$root/build/musl-toolchain/bin/musl-g++}
if [ -x "$musl" ]; then
    CXX=$musl build musl -DCMAKE_BUILD_TYPE=MinSizeRel -DRUNSUITE_STATIC=ON
    suites="$suites --ours musl=$out/musl/sbin"
else
    echo "No musl column: there is no $musl; tests/support/musl-toolchain.sh makes it." >&2
fi

bare='-O2 -static -nostdlib -ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables'
# shellcheck disable=SC2086 # a list
for kind in idle crash log; do
    c++ $bare -D"$(echo $kind | tr a-z A-Z)" -o "$out/$kind" tests/bench/idle.cpp
done
c++ -O2 -std=c++20 -Wall -Wextra -o "$out/measure" tests/bench/measure.cpp
reference=$(dirname "$(PATH=/usr/bin:/usr/sbin:/sbin:/bin command -v runsvdir)")
# shellcheck disable=SC2086
exec python3 tests/bench/bench.py --tools "$out" --reference "$reference" --rounds "$rounds" $suites
