# Sourced by the benchmarks, from the top of the tree: the programs as they are measured, installed and stripped in
# build/bench/NAME/sbin. `bare`: the flags of a program that costs as little as one can.
# shellcheck shell=sh disable=SC2034

. tests/support/packages.sh
need_build_tools
out=$PWD/build/bench
bare='-O2 -static -nostdlib -ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables'
mkdir -p "$out"

# build NAME [cmake arguments]
build() {
    name=$1
    shift
    {
        cmake -G "$(generator)" -B "$out/build-$name" -DRUNSUITE_TESTS=OFF "$@" . &&
            cmake --build "$out/build-$name" --parallel "$(nproc)" &&
            cmake --install "$out/build-$name" --strip --prefix "$out/$name"
    } >"$out/build-$name.log" 2>&1 || { cat "$out/build-$name.log" >&2; exit 1; }
}

# The default build, and where there is a compiler for musl (MUSL_CXX, or what tests/support/musl-toolchain.sh makes) the
# static one, which has_musl tells.
build_ours() {
    build glibc -DCMAKE_BUILD_TYPE=Release
    musl=${MUSL_CXX:-$PWD/build/musl-toolchain/bin/musl-g++}
    if [ -x "$musl" ]; then
        CXX=$musl build musl -DCMAKE_BUILD_TYPE=MinSizeRel -DRUNSUITE_STATIC=ON
    else
        echo "No musl column: there is no $musl; tests/support/musl-toolchain.sh makes it." >&2
    fi
}

has_musl() { [ -x "$musl" ]; }

# Where the distribution has PROGRAM.
reference() { PATH=/usr/bin:/usr/sbin:/sbin:/bin command -v "$1"; }
