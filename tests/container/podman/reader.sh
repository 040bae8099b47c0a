# Sourced, in place of lib.sh, by the tests that type what a README says, word by word. Names of images and containers and
# the ports are the README's, so each test has images, containers and a network of its own. `docker` is podman.
# shellcheck shell=sh
if [ -z "${RUNSUITE_READER:-}" ] && unshare -n true 2>/dev/null; then
    RUNSUITE_READER=1 exec unshare -n sh "$0" "$@"
fi
busybox ip link set lo up 2>/dev/null || :
. "$(dirname "$0")/lib.sh"

mkdir -p "$scratch/packages" "$scratch/bin"
volumes="\"$scratch/packages:/packages:ro\""
# With `reader_builds` set, what the base image is built with here is mounted, too.
[ -z "${reader_builds:-}" ] || volumes=$(sed -n 's/^volumes = \[\(.*\)\]$/\1/p' "$work/building.conf")
cat >"$scratch/containers.conf" <<C
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
volumes = [$volumes]
[engine]
runtime = "runc"
[network]
network_config_dir = "$scratch/networks"
C
cat >"$scratch/storage.conf" <<C
[storage]
driver = "overlay"
graphroot = "$scratch/images"
runroot = "$scratch/state"
[storage.options]
additionalimagestores = ["$work/images"]
C
export CONTAINERS_CONF="$scratch/containers.conf" CONTAINERS_STORAGE_CONF="$scratch/storage.conf"
export BUILDAH_ISOLATION=chroot BUILDAH_FORMAT=docker # the one for here, the other since docker has no other
cat >"$scratch/bin/docker" <<'D'
#!/bin/sh
[ "$1" != compose ] || { shift; exec podman-compose "$@"; }
exec podman "$@"
D
chmod +x "$scratch/bin/docker"
command -v wget >/dev/null || ln -s "$(command -v busybox)" "$scratch/bin/wget"
export PATH="$scratch/bin:$PATH"
also_remove=remove_all
remove_all() {
    podman rm -f -t 0 --all >/dev/null 2>&1
    podman pod rm -f -t 0 --all >/dev/null 2>&1
    podman rmi -f --all >/dev/null 2>&1
    # What one that was killed has left mounted, the last first.
    awk -v of="$scratch/" 'index($2, of) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
}

trial=$(podman run --rm --pull=never localhost/alpine /bin/true 2>&1) || skip "there are no networks here: $trial"

# follow FILE DIRECTORY: what is typed now is of this README, in that directory.
follow() {
    readme=$1
    cd "$2" || exit 1
}

# commands: of the README, each without what stands behind it: two blanks or more, and what it says.
commands() {
    sed -n 's/^    \(.*\)$/\1/p' "$readme" | grep -E '^(docker|podman|wget|curl|ssh|chmod|kubectl) ' | sed 's/   *.*//'
}

# block LINE FILE: what is indented below that line of the README, as the file.
block() {
    awk -v line="$1" '$0 == line { on = 1; next }
        on && /^    / { text = 1; print substr($0, 5); next }
        on && /^$/ { if (text) print ""; next }
        on { exit }' "$readme" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$2"
    check "$readme has what is to be in $2" [ -s "$2" ]
}

# types COMMAND: as it is in the README. What it says is in the file `said`.
types() {
    commands | grep -qxF -- "$1" || { fail "$readme has the command: $1"; return 1; }
    echo "$1" >>"$scratch/typed"
    quietly timeout 200 sh -c "$1" >"$scratch/said" 2>&1
}

# answers: what the last command said is what stands behind it in the README, but for numbers and what "..." stands for.
answers() {
    wanted=$(grep -F -- "    $1  " "$readme" | sed 's/^    .*[^ ]   *//; q')
    [ -n "$wanted" ] || return 0
    pattern=$(echo "$wanted" | sed 's/[][\\.*^$]/\\&/g; s/[0-9][0-9]*/[0-9]*/g; s/\\.\\.\\. */.*/g')
    grep -q -- "$pattern" "$scratch/said"
}

# does COMMAND: types it, and it succeeds and answers what the README says.
does() {
    types "$1" || fail "\`$1\` succeeds: $(cat "$scratch/said")"
    answers "$1" || fail "\`$1\` says '$wanted', not '$(cat "$scratch/said")'"
}

# does_soon COMMAND: the same, once it is so.
does_soon() {
    await succeeds "$1" || fail "\`$1\` says '$wanted', not '$(cat "$scratch/said")'"
}
succeeds() {
    types "$1" && answers "$1"
}

# leaves_out COMMAND: nobody can type that here.
leaves_out() {
    echo "$1" >>"$scratch/typed"
}

# Nothing in the README has been left out.
all_is_typed() {
    commands | while read -r command; do
        grep -qxF -- "$command" "$scratch/typed" || echo "$command"
    done >"$scratch/untyped"
    check "all of $readme is tried, also: $(cat "$scratch/untyped")" [ ! -s "$scratch/untyped" ]
}
