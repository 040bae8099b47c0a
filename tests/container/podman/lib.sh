# Sourced by the tests of this folder, which are run as `sh NAME.sh WORK`. WORK is a directory below the build that
# has the images and all else of podman's, so that nothing of the machine's own is touched.
# shellcheck shell=sh disable=SC2034

work=$(mkdir -p "$1" && cd "$1" && pwd)
source=$(cd "$(dirname "$0")/../../.." && pwd)
base=localhost/runsuite-base
machine=localhost/runsuite-machine # with runit as process 1

skip() {
    echo "skipped: $1"
    exit 77
}

[ ! -e "$work/skip" ] || [ "$(basename "$0")" = image.sh ] || skip "$(cat "$work/skip")"
# Put in place at once, since tests run side by side.
configuration() {
    cat >"$work/$1.$$" && mv "$work/$1.$$" "$work/$1"
}
configuration containers.conf <<C
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
[engine]
runtime = "runc"
[network]
network_config_dir = "$work/networks"
C
configuration storage.conf <<C
[storage]
driver = "overlay"
graphroot = "$work/images"
runroot = "$work/state"
C
export CONTAINERS_CONF="$work/containers.conf" CONTAINERS_STORAGE_CONF="$work/storage.conf"

# What a test leaves behind: nothing.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/podman.XXXXXX")
chmod 0777 "$scratch"
mkdir -p "$scratch/service"
cd "$scratch" || exit 1 # podman leaves a file `oom` where it is
started=''
also_remove=:
remove() {
    # One by one: an error with one would keep podman from removing the next.
    for one in $started; do podman rm -f -t 0 "$one" >/dev/null 2>&1; done
    $also_remove
    rm -rf "$scratch"
}
trap remove EXIT
trap 'exit 143' TERM INT HUP

failures=0

# check SENTENCE COMMAND...: the sentence is a claim, and holds when the command succeeds.
check() {
    sentence=$1
    shift
    "$@" || fail "$sentence"
}

fail() {
    echo "FAILED: $1"
    failures=$((failures + 1))
    [ -z "${c:-}" ] || podman logs "$c" 2>&1 | tail -n 20
}

# The last command of a test.
end() {
    exit $((failures > 0))
}

# await CLAIM...: until the command succeeds, for half a minute at most.
await() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || return 1
        sleep 0.05
    done
}

centiseconds() {
    read -r up _ </proc/uptime
    echo "${up%.*}${up#*.}"
}

# service NAME [FILE]: its run script, or another one, is standard input.
service() {
    file=$scratch/service/$1/${2:-run}
    mkdir -p "${file%/*}"
    { echo '#!/bin/sh'; cat; } >"$file"
    chmod +x "$file"
}

# A service that notes in /scratch/started that it is up, and its name in /scratch/told when it gets a TERM.
service_that_tells() {
    service "$1" <<S
trap 'sleep ${2:-0}; echo $1 >>/scratch/told; exit' TERM
echo $1 >>/scratch/started
while :; do sleep 0.05; done
S
}

# run_services [OPTION...] [-- COMMAND...]: a container with $scratch/service, called $c.
run_services() {
    run_with "$base" "$@"
}

# run_with IMAGE [OPTION...] [-- COMMAND...]: the same of another image.
run_with() {
    run_of=$1
    shift
    options=''
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options="$options $1"
        shift
    done
    [ $# -eq 0 ] || shift
    # shellcheck disable=SC2086 # a list
    run_image --no-healthcheck -v "$scratch/service:/etc/service" -v "$scratch:/scratch" $options "$run_of" "$@"
}

# stage NAME: of runit, or another of its files; the script is standard input.
stage() {
    mkdir -p "$scratch/runit"
    { echo '#!/bin/sh'; cat; } >"$scratch/runit/$1"
    chmod +x "$scratch/runit/$1"
}

# Stages that note in /scratch/stages what was entered, and services in between.
usual_stages() {
    rm -rf "$scratch/runit" "$scratch/stages" "$scratch/started" "$scratch/told"
    stage 1 <<'S'
echo 1 >>/scratch/stages
S
    stage 2 <<'S'
echo 2 >>/scratch/stages
exec runsvdir -P /etc/service
S
    stage 3 <<'S'
sv -w 20 force-shutdown /etc/service/*
echo 3 >>/scratch/stages
S
}

# run_machine [OPTION...] [-- COMMAND...]: a container with runit and those stages, called $c.
run_machine() {
    run_with "$machine" -v "$scratch/runit:/etc/runit" "$@"
}

# went_through STAGE...: these have been entered, and no others.
went_through() {
    [ "$(tr '\n' ' ' <"$scratch/stages")" = "$* " ]
}

# run_image [OPTION...] IMAGE [COMMAND...]: a container, called $c.
run_image() {
    new_name
    quietly podman run -d --pull=never --network none --name "$c" "$@" >/dev/null || { fail "the container starts"; end; }
}

# Podman has timers of systemd for health checks and complains where there are none; that is not of interest.
quietly() {
    "$@" 2>"$scratch/complaints" && outcome=0 || outcome=$?
    grep -v 'systemd connection' "$scratch/complaints" >&2
    return $outcome
}

stop() {
    quietly podman stop "$@" "$c" >/dev/null
}

new_name() {
    c=$(basename "$0" .sh)-$$-$(echo "$started" | wc -w)
    started="$started $c"
}

# has FILE LINE: a file in the scratch directory has that line.
has() {
    grep -qx -- "$2" "$scratch/$1" 2>/dev/null
}

await_line() {
    await has "$1" "$2" || { fail "'$2' appears in $1"; end; }
}

# says TEXT: the container has said so.
says() {
    podman logs "$c" 2>&1 | grep -qF -- "$1"
}

inside() {
    podman exec "$c" "$@"
}

exit_code() {
    podman wait "$c"
}

# ends CODE SENTENCE: the container does so, within half a minute.
ends() {
    code=$(timeout 30 podman wait "$c") || code='still running'
    check "$2: $1, not $code" [ "$code" = "$1" ]
}

# build DIRECTORY [OPTION...]: the image of an example, $image, on our base; `apk add` takes what is in
# $scratch/packages. It goes with the test.
# Without layers that others could use: builds beside each other fail over those that one of them has just removed.
build() {
    image=localhost/$(basename "$0" .sh)-$$
    also_remove=remove_image
    context=$1
    shift
    mkdir -p "$scratch/packages"
    podman build -q --layers=false --isolation chroot --pull=never --format docker --build-arg BASE="$base" \
        -v "$scratch/packages:/packages:ro" "$@" -t "$image" "$context" >/dev/null ||
        { fail "the image of $context builds"; end; }
}

remove_image() {
    podman rmi "$image" >/dev/null 2>&1
}

# copy_example NAME: to $scratch/example, for what a user adds to it.
copy_example() {
    cp -R "$source/examples/$1" "$scratch/example"
}

# package NAME FILE...: files of this machine, with the libraries they need, as a package for `apk add`.
package() {
    package=$scratch/packages/$1
    shift
    mkdir -p "$package"
    for file; do
        { echo "$file"; ldd "$file" 2>/dev/null | sed -n 's,.*[[:space:]]\(/[^ ]*\) (0x.*,\1,p'; }
    done | sort -u | while read -r file; do
        mkdir -p "$package${file%/*}"
        cp -RL "$file" "$package$file"
    done
}
