#!/bin/sh
# the base image builds, with busybox from scratch in the place of Alpine
# What cannot be done here is written to WORK/skip, and skips all tests with it.
. "$(dirname "$0")/lib.sh"
rm -f "$work/skip"

no() {
    echo "$1" >"$work/skip"
    skip "$1"
}

for program in podman runc busybox; do
    command -v $program >/dev/null || no "there is no $program here"
done
[ "$(id -u)" -eq 0 ] || no "only root's podman is tried"

# The programs, by the same script that the image is built with; with a compiler for musl, if there is one.
for compiler in "${MUSL_CXX:-}" "$source/build/musl-toolchain/bin/musl-g++" /opt/musl/bin/musl-g++ c++; do
    command -v "${compiler:-/none}" >/dev/null && break
done
command -v ninja >/dev/null && export CMAKE_GENERATOR=Ninja
rm -rf "$work/programs"
CXX=$compiler BUILD=$work/build sh "$source/examples/alpine-base/build.sh" "$work/programs/out" >"$work/build.log" 2>&1 ||
    { cat "$work/build.log"; echo "FAILED: the programs build with $compiler"; exit 1; }
"$work/programs/out/usr/sbin/chpst" true || { echo "FAILED: the programs run here"; exit 1; }

make() {
    podman build -q --isolation chroot --pull=never --format docker "$@" 2>&1
}

# What stands for Alpine: every applet of busybox, and an apk that installs what the test has put in /packages.
rm -rf "$work/alpine"
mkdir -p "$work/alpine/bin" "$work/alpine/sbin" "$work/alpine/etc"
cp -L "$(command -v busybox)" "$work/alpine/bin/busybox"
# A chpst of glibc is never static, for names are looked up by what the machine has: it finds here what it needs.
ldd "$work/programs/out/usr/sbin/chpst" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$work/alpine${library%/*}" && cp -L "$library" "$work/alpine$library"
done
cat >"$work/alpine/sbin/apk" <<'A'
#!/bin/sh
for package; do
    case $package in
    add | -*) ;;
    *) cp -R "/packages/$package/." / || exit 1 ;;
    esac
done
A
chmod +x "$work/alpine/sbin/apk"
echo 'root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/sbin/nologin' >"$work/alpine/etc/passwd"
echo 'root:x:0:
nobody:x:65534:' >"$work/alpine/etc/group"
cat >"$work/alpine/Dockerfile" <<'D'
FROM scratch
COPY . /
RUN ["/bin/busybox", "sh", "-c", "/bin/busybox --list-full | while read -r f; do case $f in linuxrc | bin/busybox) ;; \
    *) /bin/busybox mkdir -p /${f%/*} && /bin/busybox ln -s /bin/busybox /$f ;; esac; done; \
    /bin/busybox rm /Dockerfile; /bin/busybox mkdir -p -m 1777 /tmp; /bin/busybox mkdir -p /root /var/log"]
D
printf 'FROM scratch\nCOPY out /out\n' >"$work/programs/Dockerfile"

# What a run that was killed has left.
podman rm -f -t 0 --all >/dev/null 2>&1
podman image prune -f >/dev/null 2>&1
made=$(make -t localhost/alpine "$work/alpine") || no "podman cannot build: $made"
ran=$(podman run --rm --pull=never --network none localhost/alpine /bin/true 2>&1) || no "podman cannot run: $ran"
make -t localhost/programs "$work/programs" || exit 1
make --build-arg BASE=localhost/alpine --build-arg PROGRAMS=localhost/programs -t "$base" \
    -f "$source/examples/alpine-base/Dockerfile" "$source" || { echo "FAILED: the base image builds"; exit 1; }
# And with what a whole machine has in addition.
mkdir -p "$work/machine"
cp "$work/build/bin/runit" "$work/build/bin/runit-init" "$work/machine/"
cat >"$work/machine/Dockerfile" <<'D'
ARG BASE
FROM ${BASE}
COPY runit /sbin/runit
COPY runit-init /sbin/init
STOPSIGNAL SIGPWR
ENTRYPOINT ["/sbin/runit"]
D
make --build-arg BASE="$base" -t "$machine" "$work/machine" || { echo "FAILED: the image of a machine builds"; exit 1; }
echo "$compiler" >"$work/compiler"
echo "with $("$compiler" -dumpmachine 2>/dev/null) $compiler"
