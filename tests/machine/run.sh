#!/bin/sh
# sh tests/machine/run.sh [BOOT...]         all boots, or these of tests/machine/boots
# sh tests/machine/run.sh --bench [ROUNDS]  process 1 to first service, init 0, and memory beside the distribution's runit;
#                                           fails when one is not what is promised
# sh tests/machine/run.sh --prepare         makes what is booted; "--prepared BOOT" boots it without another look
#
# Boots a kernel in qemu, by emulation, with a root in memory, or on a disk, made of busybox, our programs and
# examples/machine, and asserts on what comes out of the serial line. 77, with the reason, where that is not possible. Everything it makes is in
# build/machine. RUNSUITE_MACHINE_PROGRAMS=DIR boots the static programs there instead of building them;
# what memory they may have is decided by the C library that is in them.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/build/machine
programs=${RUNSUITE_MACHINE_PROGRAMS:-$work/programs/bin}
limit=100  # seconds that a boot may take, on the slowest machine

skip() {
    echo "skipped: $*"
    exit 77
}

prepare() {
    command -v qemu-system-x86_64 >/dev/null || skip "there is no qemu-system-x86_64 here"
    [ -x /bin/busybox ] && /bin/busybox true || skip "there is no /bin/busybox here"
    command -v cpio >/dev/null || skip "there is no cpio here"
    command -v mke2fs >/dev/null && command -v dumpe2fs >/dev/null || skip "there are no mke2fs and dumpe2fs here"
    ! ldd /bin/busybox >/dev/null 2>&1 || skip "/bin/busybox needs libraries: a machine wants a static one"
    mkdir -p "$work"
    rm -f "$work/root.cpio.gz"
    sh "$here/kernel.sh" "$work/kernel" || exit $?
    [ -n "${RUNSUITE_MACHINE_PROGRAMS:-}" ] || sh "$here/programs.sh" "$root" "$work/programs" >"$work/programs.log" 2>&1 ||
        { tail -n 40 "$work/programs.log"; exit 1; }
    libc=$(sh "$here/libc.sh" "$programs/runit") || exit 1
    [ "$libc" = musl ] || ! grep -qs '^CMAKE_CXX_COMPILER:.*musl' "$programs/../CMakeCache.txt" ||
        { echo "FAILED: programs built with musl are taken for $libc's"; exit 1; }
    sh "$here/root.sh" "$root" "$programs" "$work/root"
    pack "$work/root" >"$work/root.cpio.gz.new"
    mv "$work/root.cpio.gz.new" "$work/root.cpio.gz"
}

# A kernel takes several archives one after the other; what is in a later one replaces what is there.
pack() {
    ( cd "$1" && find . | cpio -o -H newc -R 0:0 2>/dev/null | gzip -1 )
}

# boot NAME ROOT [KERNEL ARGUMENTS]: runs in the background; $log is its serial line, descriptor 3 what is typed there. ROOT
# is an archive, or a disk, which takes time of its own: then no clock counts instructions.
boot() {
    name=$1
    log=$work/$name.log
    rm -f "$work/$name.in" "$log"
    : >"$log"
    mkfifo "$work/$name.in"
    exec 3<>"$work/$name.in"
    case $2 in
    *.disk) set -- 'root=/dev/nvme0n1 ro' -drive "file=$2,if=none,id=disk,format=raw" -device nvme,drive=disk,serial=disk ;;
    *) set -- "${3:-rdinit=/sbin/init}" -icount shift=3,sleep=off -initrd "$2" ;;
    esac
    arguments=$1
    shift
    timeout "$limit" qemu-system-x86_64 -accel tcg -cpu max -m 256 -no-user-config -nodefaults -display none \
        -serial mon:stdio -no-reboot -kernel "$work/kernel/vmlinuz" "$@" \
        -append "console=ttyS0 quiet panic=-1 no_timer_check $arguments" <&3 >"$log" 2>&1 &
    machine=$!
}

# Until the log has the pattern, or the machine is gone.
wait_for() {
    until grep -Eq "$1" "$log"; do
        kill -0 "$machine" 2>/dev/null || return 0
        sleep 0.05
    done
}

type_in() { printf "$1" >&3; }
press_ctrl_alt_del() { printf '\001csendkey ctrl-alt-delete\n\001c' >&3; }

wait_for_end() {
    ended=0
    wait "$machine" || ended=$?
    exec 3>&-
    rm -f "$work/$name.in"
    tr -d '\r' <"$log" >"$log.new"
    mv "$log.new" "$log"
}

failed() {
    echo "FAILED: $1"
    failures=$((failures + 1))
}
# has SENTENCE PATTERN: a line of the log has it.
has() {
    if grep -Eq "$2" "$log"; then echo "ok: $1"; else failed "$1: no line has \"$2\""; fi
}
has_not() {
    if grep -Eq "$2" "$log"; then failed "$1: $(grep -E "$2" "$log" | head -n 1)"; else echo "ok: $1"; fi
}
# in_order SENTENCE PATTERN...: in lines one after the other.
in_order() {
    sentence=$1
    shift
    line=0
    for pattern in "$@"; do
        next=$(awk -v after="$line" -v pattern="$pattern" 'NR > after && $0 ~ pattern { print NR; exit }' "$log")
        [ -n "$next" ] || { failed "$sentence: \"$pattern\" does not follow"; return; }
        line=$next
    done
    echo "ok: $sentence"
}
# at_most SENTENCE LIMIT NUMBER
at_most() {
    if [ -n "$3" ] && awk -v number="$3" -v limit="$2" 'BEGIN { exit !(number <= limit) }'; then
        echo "ok: $1: $3, at most $2"
    else failed "$1: $3, and not at most $2"
    fi
}
# memory_at_most SENTENCE NUMBER: of KiB, as it is promised for the C library of what is booted.
memory_at_most() {
    memory=60
    libc=$(sh "$here/libc.sh" "$work/root/sbin/runit")
    [ "$libc" = glibc ] || memory=24
    at_most "$1, built with $libc" $memory "$2"
}
# What stands in the log behind the words.
said() { sed -n "s/.*$1 //p" "$log" | head -n 1; }
# The seconds since boot at the end of the line with these words.
time_of() { sed -n "s/.*$1.* \[\([0-9.]*\) s\]\$/\1/p" "$log" | head -n 1; }

# make_disk NAME: of the root and of what that boot has in addition.
make_disk() {
    rm -rf "$work/$1.root" "$work/$1.disk"
    cp -R "$work/root" "$work/$1.root"
    cp -R "$work/$1/." "$work/$1.root/"
    truncate -s 32M "$work/$1.disk"
    mke2fs -q -t ext4 -d "$work/$1.root" "$work/$1.disk"
}
is_clean() { dumpe2fs -h "$1" 2>/dev/null | grep -q '^Filesystem state: *clean$' && ! dumpe2fs -h "$1" 2>/dev/null | grep -q needs_recovery; }

# The programs, the serial log and what to expect of it: boots/NAME/check. With an fstab it is a disk that is booted.
run_boot() {
    failures=0
    rm -rf "$work/$1"
    mkdir -p "$work/$1/test"
    [ ! -d "$here/boots/$1/root" ] || cp -R "$here/boots/$1/root/." "$work/$1/"
    [ ! -e "$here/boots/$1/driver" ] || cp "$here/boots/$1/driver" "$work/$1/test/driver"
    if [ -e "$work/$1/etc/fstab" ]; then
        make_disk "$1"
        boot "$1" "$work/$1.disk"
    else
        { cat "$work/root.cpio.gz"; pack "$work/$1"; } >"$work/$1.cpio.gz"
        boot "$1" "$work/$1.cpio.gz"
    fi
    . "$here/boots/$1/check"
    [ "$ended" -eq 0 ] || failed "the machine ended by itself: qemu exited $ended"
    has_not "the kernel did not panic" 'Kernel panic'
    has_not "nothing was waited for in vain" 'test: NEVER'
    [ $failures -eq 0 ] || { echo "--- $log"; cat "$log"; }
    return $((failures > 0))
}

case ${1:-} in
--bench)
    prepare
    . "$here/bench.sh"
    code=0
    bench "${2:-5}" || code=$?
    exit $code
    ;;
--prepare)
    prepare
    exit
    ;;
--prepared)
    [ -e "$work/root.cpio.gz" ] || skip "there is nothing to boot, see the test that makes it"
    shift
    ;;
*) prepare ;;
esac
[ $# -gt 0 ] || set -- $(ls "$here/boots")
code=0
for one; do
    echo "== $one"
    run_boot "$one" || code=1
done
exit $code
