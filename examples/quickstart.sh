#!/bin/sh
# sh examples/quickstart.sh [--once]
#
# Builds runsuite and shows it at work: runsvdir on a copy of examples/quickstart/, sv status of every service, a
# restart, and what to try next. Ctrl-C ends everything that was started; with --once it ends by itself.
# RUNSUITE_PROGRAMS=DIR takes the programs from there instead of building them.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
services='web worker logged nightly'
case ${1:-} in
'' | --once) once=${1:-} ;;
*) echo "usage: sh examples/quickstart.sh [--once]" >&2; exit 1 ;;
esac

say() {
    echo
    echo "== $*"
}

# A command and its output, as in a terminal.
show() {
    echo "\$ $*"
    "$@" || true
}

build() {
    . "$root/tests/support/packages.sh"
    need_build_tools
    install_missing
    say "Building into build/quickstart"
    cd "$root"
    [ -e build/quickstart/CMakeCache.txt ] || cmake --preset release -G "$(generator)" -B build/quickstart \
        -DRUNSUITE_TESTS=OFF >/dev/null
    cmake --build build/quickstart --parallel "$(nproc 2>/dev/null || echo 2)"
}

is_taken() {
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$1") .* 0A "
}

free_port() {
    port=8080
    while is_taken $port; do port=$((port + 1)); done
    echo $port
}

# Until the runsv of every service answers.
wait_for_services() {
    tries=0
    # shellcheck disable=SC2086 # a list
    until sv status $services >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { echo "The services do not come up:"; sv status $services; exit 1; }
        sleep 0.1
    done
    # shellcheck disable=SC2086
    sv -w 10 start web worker logged >/dev/null
}

scratch=''
runsvdir_pid=''

# Whatever happens, nothing that was started stays: first runsvdir, which would start services again, then each of them,
# those too that somebody has added.
end() {
    trap '' INT TERM HUP
    if [ -n "$runsvdir_pid" ]; then
        say "Ending every service"
        kill "$runsvdir_pid" 2>/dev/null || true
        wait "$runsvdir_pid" || true
        # shellcheck disable=SC2035 # an option cannot come after the command
        (cd "$SVDIR" && sv -w 7 force-shutdown *) || true
    fi
    [ -z "$scratch" ] || rm -rf "$scratch"
}
trap end EXIT
trap 'exit 0' INT TERM HUP

programs=${RUNSUITE_PROGRAMS:-$root/build/quickstart/bin}
[ -n "${RUNSUITE_PROGRAMS:-}" ] || build
PATH=$programs:$PATH
export PATH

scratch=$(mktemp -d "${TMPDIR:-/tmp}/quickstart.XXXXXX")
SVDIR=$scratch/services
export SVDIR
cp -R "$root/examples/quickstart" "$SVDIR"
port=$(free_port)
echo "$port" >"$SVDIR/web/port"

say "Starting runsvdir on a copy of examples/quickstart"
runsvdir -P "$SVDIR" >"$scratch/output" 2>&1 &
runsvdir_pid=$!
wait_for_services
# shellcheck disable=SC2086
show sv status $services

say "A restart: a new process, and sv waits for it"
show sv restart web
show sv status web

say "Next steps"
cat <<TEXT
In another terminal:

  export SVDIR=$SVDIR PATH=$programs:\$PATH

  sv status web logged                        what runs, since when
  sv stop web; sv start web                   take it down, bring it up: http://127.0.0.1:$port/
  kill -9 \$(cat \$SVDIR/web/supervise/pid)     it is back at once
  sv once nightly                             run a service that is normally down, once
  tail -f \$SVDIR/logged/log/main/current      the log of a service
  tail -f $scratch/output     what the services without a log say
  mkdir -p \$SVDIR/.mine && printf '#!/bin/sh\nexec sleep 1000\n' >\$SVDIR/.mine/run &&
    chmod +x \$SVDIR/.mine/run && mv \$SVDIR/.mine \$SVDIR/mine && sleep 1 && sv status mine
                                              a new service: a directory with a run script, moved into place

TEXT
[ -z "$once" ] || exit 0
echo "Everything runs until Ctrl-C."
wait "$runsvdir_pid" || true
