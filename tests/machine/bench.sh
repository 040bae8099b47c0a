# Sourced by run.sh: process 1 to the first service, init 0 to power off with ten services that end at once, and the memory
# of process 1, on the same machine with the same stages, beside the distribution's runit. Times are those of the kernel, which sees both; they are
# counted in instructions, 8 ns each, so that nothing else on the host changes them.

bench_root() {
    rm -rf "$2"
    cp -R "$1" "$2"
    rm -f "$2"/etc/runit/runsvdir/default/*
    for number in 0 1 2 3 4 5 6 7 8 9; do
        mkdir -p "$2/etc/sv/quick$number"
        printf '#!/bin/sh\necho "<1>bench: service" >/dev/kmsg\nexec sleep 1000000\n' >"$2/etc/sv/quick$number/run"
        chmod +x "$2/etc/sv/quick$number/run"
        ln -s "/etc/sv/quick$number" "$2/etc/runit/runsvdir/default/"
    done
    ln -s /etc/sv/driver "$2/etc/runit/runsvdir/default/"
    cat >"$2/test/driver" <<'DRIVER'
ten_are_up() { [ "$(sv status /etc/service/quick* | grep -c '^run: ')" -eq 10 ]; }
eventually 'ten services are up' ten_are_up
say "anonymous memory of runit in KiB: $(sed -n 's/^Anonymous: *\([0-9]*\) kB/\1/p' /proc/1/smaps_rollup)"
sleep 1
echo '<1>bench: stop' >/dev/kmsg
/sbin/init 0
DRIVER
    cat >"$2/first" <<'FIRST'
#!/bin/sh
PATH=/bin
mount -t devtmpfs -o nosuid,mode=0755 dev /dev
echo '<1>bench: start' >/dev/kmsg
exec /sbin/init
FIRST
    chmod +x "$2/first"
}

# The distribution's programs in place of ours, with the libraries that they need.
with_reference() {
    for program in runit runsv runsvdir sv; do
        found=$(PATH=/sbin:/usr/sbin:/bin:/usr/bin command -v $program) || skip "the reference is not installed"
        cp "$found" "$1/sbin/$program"
    done
    [ -x /lib/runit/runit-init ] || skip "the reference is not installed"
    cp /lib/runit/runit-init "$1/sbin/runit-init"
    ldd "$1/sbin/runit" "$1/sbin/runsv" "$1/sbin/runit-init" | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p' | sort -u |
        while read -r library; do
            mkdir -p "$1${library%/*}"
            cp -L "$library" "$1$library"
        done
    # Where Debian has its flags; to the stages it is all the same.
    ln -sf /run/runit.stopit "$1/etc/runit/stopit"
}

stamp() { sed -n "s/^\[ *\([0-9.]*\)\] .*$1.*/\1/p" "$log" | head -n 1; }
median() { sort -n | awk '{ all[NR] = $1 } END { if (NR) print (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 2 }'; }

one_bench() {
    boot "bench-$1" "$work/bench-$1.cpio.gz" 'rdinit=/first'
    wait_for_end
    for words in 'bench: start' 'bench: service' 'bench: stop' 'reboot: Power down' 'anonymous memory of runit'; do
        grep -q "$words" "$log" || failed "$1: no line has \"$words\", see $log"
    done
    awk -v start="$(stamp 'bench: start')" -v first="$(stamp 'bench: service')" -v stop="$(stamp 'bench: stop')" \
        -v end="$(stamp 'reboot: Power down')" -v memory="$(said 'anonymous memory of runit in KiB:')" \
        'BEGIN { print first - start, end - stop, memory }' >>"$work/bench-$1.figures"
}

# of SUITE COLUMN: the median of its boots.
of() { cut -d' ' -f"$2" "$work/bench-$1.figures" | median; }

bench_table() {
    echo "medians of $1 boots                              runsuite  reference"
    printf 'seconds from process 1 to the first service  %8s  %9s\n' "$(of ours 1)" "$(of reference 1)"
    printf 'seconds from init 0 to power off             %8s  %9s\n' "$(of ours 2)" "$(of reference 2)"
    printf 'KiB of anonymous memory of process 1         %8s  %9s\n' "$(of ours 3)" "$(of reference 3)"
}

# Fails when a figure is not what is promised.
bench() {
    failures=0
    bench_root "$work/root" "$work/bench-ours"
    bench_root "$work/root" "$work/bench-reference"
    with_reference "$work/bench-reference"
    for suite in ours reference; do
        pack "$work/bench-$suite" >"$work/bench-$suite.cpio.gz"
        : >"$work/bench-$suite.figures"
    done
    round=0
    while [ $round -lt "$1" ]; do
        for suite in ours reference; do one_bench $suite; done
        round=$((round + 1))
    done
    bench_table "$1"
    at_most 'seconds from process 1 to the first service, half of what the reference takes' \
        "$(awk -v reference="$(of reference 1)" 'BEGIN { print reference / 2 }')" "$(of ours 1)"
    at_most 'seconds from init 0 to power off, with ten services that end at once' 1 "$(of ours 2)"
    memory_at_most 'KiB of anonymous memory that runit has' "$(of ours 3)"
    return $((failures > 0))
}
