#!/bin/sh
# sh tests/run.sh [PRESET]
#
# Builds runsuite in build/PRESET and runs every test; the exit code and the last lines are ctest's. PRESET is release
# (default), dev, asan+ubsan, tsan, or static: the tests of release with statically linked programs. On Debian and
# Alpine, root has what is missing installed.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
preset=${1:-release}
case $preset in
release | dev | asan+ubsan | tsan | static) ;;
*) echo "usage: sh tests/run.sh [release|dev|asan+ubsan|tsan|static]" >&2; exit 1 ;;
esac
. tests/support/packages.sh

need_build_tools
need '/usr/include/catch2/catch.hpp|/usr/include/catch2/catch_all.hpp|/usr/local/include/catch2/catch_all.hpp' \
    catch2 'catch2-3|catch2'
want runsv runit runit 'the reference that shared scenarios are held against'
want strace strace strace 'tests that make system calls fail or count them'
want mandoc mandoc mandoc 'the check of the manual pages'
want s6-svscan s6 s6 'scenarios beside s6'
want envdir daemontools daemontools-encore 'scenarios beside daemontools'
want chattr e2fsprogs e2fsprogs-extra 'tests with immutable files, and of a machine that is booted'
want unshare util-linux util-linux 'tests in namespaces of their own'
want flock util-linux flock 'tests of locks beside flock(1)'
want podman podman podman 'tests in real containers'
want runc runc runc 'tests in real containers'
want busybox busybox-static busybox-static 'tests in real containers and of a machine that is booted'
want '/usr/libexec/podman/catatonit|catatonit' catatonit catatonit 'the test under podman run --init'
want '/usr/sbin/nginx' nginx-light nginx 'the tests of the examples with nginx'
want '/usr/sbin/sshd' openssh-server 'openssh-server' 'the test of examples/sshd'
want '/usr/bin/ssh' openssh-client 'openssh-client-default|openssh-client' 'the test of examples/sshd'
want podman-compose podman-compose podman-compose 'the test of examples/compose'
want qemu-system-x86_64 qemu-system-x86 - 'tests that boot a machine'
want cpio cpio - 'the root of a machine that is booted'
want faketime faketime libfaketime 'the test with a clock that is set back'
want python3 python3 python3 'the soak test'
want zstd zstd zstd 'the test of logs that zstd compresses'
install_missing

jobs=$(nproc 2>/dev/null || echo 2)

# build PRESET [cmake arguments]
build() {
    name=$1
    shift
    if [ -e "build/$name/CMakeCache.txt" ]; then cmake "$@" "build/$name"
    else cmake --preset "$name" -G "$(generator)" "$@"
    fi
    cmake --build "build/$name" --parallel "$jobs"
}

# Findings go to files: a program whose standard error nobody reads is heard too.
watch_sanitizers() {
    findings=$root/build/$preset/findings
    rm -rf "$findings"
    mkdir -p -m 0777 "$findings"
    chmod 1777 "$findings"
    # No leak check: it needs ptrace(2), which strace(1) has taken in some tests.
    export ASAN_OPTIONS="detect_leaks=0:exitcode=86:log_path=$findings/report"
    export UBSAN_OPTIONS="print_stacktrace=1:exitcode=86:log_path=$findings/report"
    export TSAN_OPTIONS="exitcode=86:log_path=$findings/report"
}

findings=''
where=$preset
case $preset in
static)
    if [ -z "${CXX:-}" ] && [ -x build/musl-toolchain/bin/musl-g++ ]; then
        CXX=$root/build/musl-toolchain/bin/musl-g++ build static
    else build static
    fi
    where=static-tests
    # The tests are no part of what is tested: Catch2 is of the system's compiler and libc.
    env -u CXX cmake --preset release -G "$(generator)" -B build/static-tests -DRUNSUITE_TESTED="$root/build/static/bin"
    cmake --build build/static-tests --parallel "$jobs"
    ;;
asan+ubsan | tsan)
    build "$preset"
    watch_sanitizers
    ;;
*) build "$preset" ;;
esac

code=0
cd "build/$where"
ctest --output-on-failure -j$((jobs + 1)) || code=$?  # most of a test is waiting
# Deadlines can be missed where other machines' work comes first: what failed beside other tests is run alone, once.
if [ $code -ne 0 ]; then
    echo "Once more, alone, what failed:"
    code=0
    ctest --output-on-failure --rerun-failed || code=$?
    [ $code -ne 0 ] || echo "All of these passed when run alone."
fi
cd "$root"
if [ -n "$findings" ] && [ -n "$(ls "$findings")" ]; then
    cat "$findings"/*
    echo "The sanitizers found something in a program whose exit nobody asked for, see above and $findings." >&2
    [ $code -ne 0 ] || code=86
fi
exit $code
