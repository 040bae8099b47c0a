#!/bin/sh
# root.sh ROOT PROGRAMS DIRECTORY
# Makes DIRECTORY the root of a machine: busybox, the PROGRAMS, and examples/machine as its README says.
set -eu
source=$1
programs=$2
rm -rf "$3"
mkdir -p "$3"
cd "$3"

mkdir -p bin sbin dev proc sys run tmp root var/log etc/runit/runsvdir/default etc/runit/runsvdir/single etc/sv test
mkdir usr
ln -s ../bin usr/bin
ln -s ../sbin usr/sbin
cp /bin/busybox bin/busybox
for applet in $(bin/busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "bin/$applet"
done
# The machine's own, not busybox's.
rm -f bin/init bin/runsv bin/runsvdir bin/sv bin/svlogd bin/chpst bin/halt bin/poweroff bin/reboot
cp "$programs"/runit "$programs"/runit-init "$programs"/runsv "$programs"/runsvdir "$programs"/sv "$programs"/svlogd sbin/
# An svlogd of glibc is never static.
ldd "$programs/svlogd" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "./${library%/*}" && cp -L "$library" ".$library"
done
for more in runsvchdir utmpset; do
    [ ! -e "$programs/$more" ] || cp "$programs/$more" sbin/
done

cp "$source"/examples/machine/[123] "$source"/examples/machine/ctrlaltdel etc/runit/
cp -R "$source"/examples/machine/sv/. etc/sv/
for service in getty syslog driver; do ln -s "/etc/sv/$service" etc/runit/runsvdir/default/; done
ln -s default etc/runit/runsvdir/current
ln -s /etc/runit/runsvdir/current etc/service
ln -s runit-init sbin/init

echo 'root::0:0:root:/root:/bin/sh' >etc/passwd
echo 'root:x:0:' >etc/group
echo machine >etc/hostname
# What a boot does is in its /test/driver, which is run once, as a service that stays.
mkdir -p etc/sv/driver
cp "$source/tests/machine/words" test/words
cat >etc/sv/driver/run <<'RUN'
#!/bin/sh
PATH=/sbin:/bin
exec </dev/null >/dev/console 2>&1
. /test/words
. /test/driver
exec sleep 1000000
RUN
chmod +x etc/sv/driver/run
