#!/bin/bash
# bash tests/bench/peers.sh
#
# What runs several services in one container, side by side: each as process 1 of a pid namespace of its own, with the
# same two services. Prints the Markdown table of examples/COMPARISON.md. The peers are Debian's packages; what is not
# packaged is not here.
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/packages.sh"
need unshare util-linux util-linux
need runsvdir runit runit
want tini tini tini 'tini'
want supervisord supervisor supervisor 'supervisord'
want s6-svscan s6 s6 's6'
install_missing >&2

build=$root/build/image
echo "Building the programs as examples/alpine-base has them." >&2
musl=${MUSL_CXX:-$root/build/musl-toolchain/bin/musl-g++}
[ -x "$musl" ] && export CXX=$musl
rm -rf "$build/added"
BUILD=$build sh "$root/examples/alpine-base/build.sh" "$build/added" >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
ours=$build/added/usr/sbin
PATH=/usr/bin:/usr/sbin:/bin:/sbin

scratch=$(mktemp -d)
outside=''
trap '[ -z "$outside" ] || kill -9 "$outside" 2>/dev/null; rm -rf "$scratch"' EXIT

milliseconds() {
    local now=${EPOCHREALTIME/./}
    echo $((now / 1000))
}

# await SECONDS CLAIM...
await() {
    local end=$(($(milliseconds) + $1 * 1000))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(milliseconds)" -lt $end ] || return 1
        sleep 0.01
    done
}

lines() {
    [ "$(cat "$scratch/$1" 2>/dev/null | wc -l)" -ge "$2" ]
}

# service NAME [stubborn]: needs a third of a second to end in order.
service() {
    local on_term="sleep 0.3; echo $1 >>$scratch/told; exit 0"
    [ "${2:-}" != stubborn ] || on_term=:
    mkdir -p "$scratch/services/$1"
    cat >"$scratch/services/$1/run" <<S
#!/bin/sh
trap '$on_term' TERM
echo \$\$ >>$scratch/$1.pids
while :; do sleep 0.02; done
S
    chmod +x "$scratch/services/$1/run"
}

# The command that is process 1.
command_of() {
    local s=$scratch/services
    case $1 in
    script) echo bash -c "'$s/web/run & $s/worker/run & wait -n; exit \$?'" ;;
    'script with a trap')
        echo bash -c "'trap \"kill \\\$(jobs -p); wait; exit 0\" TERM; $s/web/run & $s/worker/run & wait -n; exit \$?'" ;;
    'tini -g, script') echo tini -g -- bash -c "'$s/web/run & $s/worker/run & wait -n; exit \$?'" ;;
    supervisord) echo supervisord -n -c "$scratch/supervisord.conf" ;;
    s6-svscan) echo s6-svscan "$s" ;;
    runit) echo runsvdir "$s" ;;
    runsuite) echo "env PATH=$ours:$PATH runsvdir $s" ;;
    esac
}

# start SUITE: `first` is its process 1, once both services run.
start() {
    rm -f "$scratch"/*.pids "$scratch/told" "$scratch"/services/*/down
    rm -rf "$scratch"/services/*/supervise "$scratch"/services/.s6-svscan
    cat >"$scratch/supervisord.conf" <<C
[supervisord]
user=root
logfile=/dev/null
logfile_maxbytes=0
pidfile=$scratch/supervisord.pid
[program:web]
command=$scratch/services/web/run
[program:worker]
command=$scratch/services/worker/run
C
    eval "exec unshare -pf --mount-proc $(command_of "$1")" >"$scratch/output" 2>&1 </dev/null &
    outside=$!
    await 10 lines web.pids 1 && await 10 lines worker.pids 1 || { echo "$1 does not start" >&2; cat "$scratch/output" >&2; return 1; }
    first=$(cat "/proc/$outside/task/$outside/children")
    first=${first% }
}

gone() {
    ! kill -0 "$first" 2>/dev/null
}

finish() {
    kill -9 "$first" 2>/dev/null
    wait "$outside" 2>/dev/null
    outside=''
}

ended_how() {
    wait "$outside" 2>/dev/null
    echo $?
}

# TERM, with services that need 0.3 s: who came to its end, and how long it took.
stop() {
    service web; service worker
    start "$1" || { echo '-'; return; }
    local before; before=$(milliseconds)
    kill -TERM "$first"
    if await 10 gone; then
        local took=$(($(milliseconds) - before)) code; code=$(ended_how)
        echo "$(cat "$scratch/told" 2>/dev/null | wc -l) of 2, ${took} ms, exit $code"
    else echo "$(cat "$scratch/told" 2>/dev/null | wc -l) of 2; still there after 10 s"
    fi
    finish
}

# One service ignores the TERM.
stubborn() {
    service web stubborn; service worker
    start "$1" || { echo '-'; return; }
    local before; before=$(milliseconds)
    kill -TERM "$first"
    if await 10 gone; then echo "$(cat "$scratch/told" 2>/dev/null | wc -l) of 1, $(($(milliseconds) - before)) ms"
    else echo "$(cat "$scratch/told" 2>/dev/null | wc -l) of 1; still there after 10 s"
    fi
    finish
}

# One service dies.
crash() {
    service web; service worker
    start "$1" || { echo '-'; return; }
    sleep 1.2 # so that nobody waits out a first second
    local pid; pid=$(seen_outside "$(cat "$scratch/worker.pids")")
    local before; before=$(milliseconds)
    kill -9 "$pid"
    if await 4 one_of_both; then
        if gone; then echo "container ends at once, exit $(ended_how)"; else echo "started again after $(($(milliseconds) - before)) ms"; fi
    else echo 'nothing'
    fi
    finish
}

one_of_both() {
    gone || lines worker.pids 2
}

# The process that has this id in the namespace of $first.
seen_outside() {
    local status
    for status in /proc/[0-9]*/status; do
        [ "$(readlink "${status%/status}/ns/pid")" = "$(readlink "/proc/$first/ns/pid")" ] || continue
        [ "$(sed -n 's/^NSpid:.*[[:space:]]//p' "$status" 2>/dev/null)" = "$1" ] || continue
        status=${status%/status}
        echo "${status#/proc/}"
        return
    done
}

inside() {
    nsenter -t "$first" -p -m "$@"
}

orphans_at_least() {
    [ "$(inside ps --ppid 1 -o pid= | wc -l)" -ge "$1" ]
}

# A thousand orphans that die together: the zombies that are left after a second.
zombies() {
    service web; service worker
    start "$1" || { echo '-'; return; }
    rm -f "$scratch/pipe"
    mkfifo "$scratch/pipe"
    exec 3<>"$scratch/pipe"
    inside bash -c "for i in {1..1000}; do { read -r -u 4 line; } & done" 4<"$scratch/pipe" 3>&-
    await 10 orphans_at_least 1000 || { echo 'no orphans'; exec 3>&-; finish; return; }
    exec 3>&-
    sleep 1
    if gone; then echo "container ends, exit $(ended_how)"; else inside ps --ppid 1 -o stat= | grep -c '^Z'; fi
    finish
}

# What the package adds to an image that has a libc and bash: its programs, libraries and modules, without documentation.
of_packages() {
    dpkg -L "$@" 2>/dev/null | grep -v '/share/\(doc\|man\|lintian\|locale\)/' | sort -u |
        while read -r file; do [ ! -f "$file" ] || [ -L "$file" ] || stat -c %s "$file"; done | awk '{ s += $1 } END { print s }'
}

size() {
    case $1 in
    script*) echo 0 ;;
    tini*) stat -c %s /usr/bin/tini ;;
    supervisord) of_packages supervisor python3-pkg-resources python3-minimal python3.11-minimal libpython3.11-minimal \
        libpython3.11-stdlib ;;
    s6-svscan) of_packages s6 libs6-2.11 libskarnet2.13 libexecline2.9 ;;
    runit) of_packages runit ;;
    runsuite) find "$ours" -type f -exec cat {} + | wc -c ;;
    esac | awk '{ printf "%.0f KiB\n", $1 / 1024 }'
}

echo '| process 1 | TERM: services that came to their end | TERM, one ignores it | a service is killed | zombies of 1000 | adds |'
echo '|---|---|---|---|---|---|'
for suite in script 'script with a trap' 'tini -g, script' supervisord s6-svscan runit runsuite; do
    program=$(command_of "$suite" | cut -d' ' -f1)
    command -v "$program" >/dev/null || { echo "| $suite | not installed | | | | |"; continue; }
    echo "| $suite | $(stop "$suite") | $(stubborn "$suite") | $(crash "$suite") | $(zombies "$suite") | $(size "$suite") |"
done
