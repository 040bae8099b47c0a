#!/bin/sh
# apk.sh ROOT: on a machine that has apk(8) and no apt-get(8), the scripts ask it for Alpine's packages, take the one of
# several names that it knows, and say what is left out. The apk here writes down what it is asked and installs by name.
set -eu
root=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
bin=$scratch/bin
mkdir "$bin"
for tool in sh sort tr cp; do ln -s "$(command -v "$tool")" "$bin/$tool"; done
printf '#!/bin/sh\necho 0\n' >"$bin/id"
cat >"$bin/apk" <<'END'
#!/bin/sh
echo "apk $*" >>"$APK_LOG"
case "$*" in
*unknown*) exit 1 ;;
"add -q "*) for name in $*; do cp "$0" "${0%/*}/$name"; done ;;
esac
END
chmod +x "$bin/id" "$bin/apk"
cat >"$scratch/use.sh" <<'END'
set -eu
. "$1/tests/support/packages.sh"
need needed debian-needed needed
need 'either|other' debian-either 'unknown-either|other'
want wanted debian-wanted wanted 'what wanted is for'
want lost debian-lost unknown-lost 'what lost is for'
want nowhere debian-nowhere - 'what nowhere is for'
need sh debian-sh alpine-sh
install_missing
END
APK_LOG=$scratch/log PATH=$bin sh "$scratch/use.sh" "$root" >"$scratch/out" 2>&1 || {
    echo "it failed:"
    cat "$scratch/out"
    exit 1
}
code=0
asked() { grep -qxF "$1" "$scratch/log" || { echo "apk was not asked: $1"; code=1; }; }
said() { grep -qF "$1" "$scratch/out" || { echo "it did not say: $1"; code=1; }; }
asked 'apk update -q'
asked 'apk add --simulate needed'
asked 'apk add -q needed other wanted'
said 'Installing with apk: needed other wanted'
said 'no package for lost here: without what lost is for'
said 'no package for nowhere here: without what nowhere is for'
if grep -q 'debian\|alpine-sh' "$scratch/log"; then echo "it asked for another's package, or for what is there"; code=1; fi
[ $code -eq 0 ] || cat "$scratch/log" "$scratch/out"
exit $code
