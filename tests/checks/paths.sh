#!/bin/sh
# paths.sh ROOT BUILD [CMAKE ARGUMENT...]
# Builds programs in BUILD for other paths than the usual ones: the pages that are installed name these, and the programs go
# by them.
set -eu
root=$1
build=$2
shift 2
other=/run/elsewhere
cmake -S "$root" -B "$build" "$@" -DCMAKE_BUILD_TYPE=None -DRUNSUITE_TESTS=OFF \
    -DRUNSUITE_RUNIT_DIR=$other/stages -DRUNSUITE_RUNIT_PROGRAM=$other/bin/runit -DRUNSUITE_RUNSVDIRS=$other/sets \
    -DRUNSUITE_RUNIT_STOPIT=/run/runit/stopit -DRUNSUITE_RUNIT_REBOOT=/run/runit/reboot \
    -DRUNSUITE_SERVICE_DIR=$other/service -DRUNSUITE_UTMP=$other/utmp -DRUNSUITE_WTMP=$other/wtmp >"$build.log" 2>&1 &&
    cmake --build "$build" --parallel 2 --target runit runit-init runsvchdir sv utmpset >>"$build.log" 2>&1 &&
    cmake --install "$build" --component pages --prefix "$build/installed" >>"$build.log" 2>&1 ||
    { cat "$build.log"; exit 1; }

code=0
# told TEXT FILE: it stands there.
told() {
    grep -qF -- "$1" "$2" || { echo "\"$1\" is not in $2"; code=1; }
}

pages=$build/installed/share/man/man8
for file in 1 2 3 ctrlaltdel rescue grace nosync; do told "Pa $other/stages/$file" "$pages/runit.8"; done
for flag in stopit reboot; do
    told "Pa /run/runit/$flag" "$pages/runit.8"
    told "Pa /run/runit/$flag" "$pages/runit-init.8"
done
told "Pa $other/bin/runit" "$pages/runit-init.8"
told "Pa $other/sets/current" "$pages/runsvchdir.8"
told "Pa $other/service" "$pages/sv.8"
told "Pa $other/utmp" "$pages/utmpset.8"
told "Pa $other/wtmp" "$pages/utmpset.8"
told "$other/wtmp" "$build/bin/utmpset"
if grep -n -e /etc/runit -e /etc/service -e '/sbin/runit$' -e /var/run/utmp -e /var/log/wtmp "$pages"/*; then code=1; fi
[ $code -eq 0 ] || exit $code

if ! unshare -pfm --mount-proc setpriv --bounding-set -sys_boot true 2>/dev/null; then
    echo "skipped: no pid and mount namespaces are to be had here, so only the pages were looked at"
    exit 77
fi
# Boots a machine of which all is below /run.
cat >"$build/boot" <<'B'
set -e
mount -t tmpfs none /run
mkdir -p /run/runit /run/elsewhere/bin /run/elsewhere/stages /run/elsewhere/service/web \
    /run/elsewhere/sets/one /run/elsewhere/sets/two
ln -s one /run/elsewhere/sets/current
cp "$1/runit" /run/elsewhere/bin/
cd /run/elsewhere/stages
printf '#!/bin/sh\necho this is the other 1\n' >1
cat >2 <<'S'
#!/bin/sh
sv status web
utmpset tty1
runsvchdir two
echo current is $(readlink /run/elsewhere/sets/current)
runit-init 6
exec sleep 1000000
S
printf '#!/bin/sh\necho this is the other 3, with $(echo /run/runit/*)\n' >3
chmod +x 1 2 3
export PATH="$1:$PATH"
exec setpriv --bounding-set -sys_boot runit-init
B
ended=0
unshare --kill-child -pfm --mount-proc env -u SVDIR -u RUNSVDIR sh "$build/boot" "$build/bin" >"$build/said" 2>&1 </dev/null ||
    ended=$?
for text in 'this is the other 1' "enter stage: $other/stages/2" 'current is two' 'shutdown request' \
    'this is the other 3, with /run/runit/reboot /run/runit/stopit' \
    'warning: web: unable to open supervise/ok: file does not exist' 'system reboot.' \
    "utmpset: fatal: unable to open $other/utmp: file does not exist"; do
    told "$text" "$build/said"
done
[ $ended -eq 129 ] || { echo "the reboot was not seen: it ended with $ended"; code=1; }
[ $code -eq 0 ] || cat "$build/said"
exit $code
