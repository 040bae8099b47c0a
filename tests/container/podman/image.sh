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

# What the programs are compiled with: a compiler for musl, if there is one.
for compiler in "${MUSL_CXX:-}" "$source/build/musl-toolchain/bin/musl-g++" /opt/musl/bin/musl-g++ c++; do
    compiler=$(command -v "${compiler:-/none}") && break
done

podman_build() {
    podman build -q --isolation chroot --pull=never --format docker "$@" 2>&1
}

# What stands for Alpine: every applet of busybox, and an apk that installs what the test has put in /packages.
rm -rf "$work/alpine"
mkdir -p "$work/alpine/bin" "$work/alpine/sbin" "$work/alpine/etc"
cp -L "$(command -v busybox)" "$work/alpine/bin/busybox"
cat >"$work/alpine/sbin/apk" <<'A'
#!/bin/sh
for package; do
    case $package in
    add | -*) ;;
    *)
        cd "/packages/$package" || exit 1
        find . ! -type d | while read -r file; do
            mkdir -p "/${file%/*}" && rm -rf "/$file" && cp -PR "$file" "/$file" || exit 1
        done || exit 1
        ;;
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

# A C library as this machine has it, where there is none for musl: chpst is linked with it.
if [ "$compiler" = "$(command -v c++)" ]; then
    for library in $(ldd "$(command -v cmake)" | grep -o '/[^ ]*/\(ld-linux[^ ]*\|libc\.[^ ]*\|libm\.[^ ]*\)'); do
        mkdir -p "$work/alpine${library%/*}" && cp -L "$library" "$work/alpine$library"
    done
fi

# What a run that was killed has left.
podman rm -f -t 0 --all >/dev/null 2>&1
podman image prune -f >/dev/null 2>&1
made=$(podman_build -t localhost/alpine -t docker.io/library/alpine:3.20 "$work/alpine") || no "podman cannot build: $made"
ran=$(podman run --rm --pull=never --network none localhost/alpine /bin/true 2>&1) || no "podman cannot run: $ran"

# What stands for Debian: its shell and C library; and for busybox' own image.
rm -rf "$work/debian"
mkdir -p "$work/debian/bin" "$work/debian/usr/bin" "$work/debian/run" "$work/debian/tmp"
for program in dash sleep mkdir chmod; do
    for file in $(readlink -f "$(command -v $program)") $(ldd "$(command -v $program)" | grep -o '/[^ ]*'); do
        mkdir -p "$work/debian${file%/*}" && cp -L "$file" "$work/debian$file"
    done
done
ln -s /usr/bin/dash "$work/debian/bin/sh"
for program in sleep mkdir chmod; do ln -s /usr/bin/$program "$work/debian/bin/$program"; done
printf 'FROM scratch\nCOPY . /\n' >"$work/debian/Dockerfile"
podman_build -t docker.io/library/debian:12-slim "$work/debian" || exit 1
mkdir -p "$work/debian-build"
cat >"$work/debian-build/apt-get" <<'A'
#!/bin/sh
[ "$1" != install ] || exec /sbin/packages add build-base
A
chmod +x "$work/debian-build/apt-get"
printf 'FROM localhost/alpine\nRUN mv /sbin/apk /sbin/packages\nCOPY apt-get /usr/bin/apt-get\n' >"$work/debian-build/Dockerfile"
podman_build -t docker.io/library/debian:12 "$work/debian-build" || exit 1
printf 'FROM localhost/alpine\nRUN rm /sbin/apk\n' | podman_build -t docker.io/library/busybox:1.36 - || exit 1

# What stands for Alpine's compiler: this machine's, whose files are at /host in the container.
tools=$work/packages/build-base
rm -rf "$work/packages"
mkdir -p "$tools/usr/bin" "$tools/usr/lib" "$tools/usr/share" "$tools/lib" "$work/packages/cmake" "$work/packages/linux-headers"
for tool in cmake make as ld ar ranlib strip nm objcopy objdump readelf x86_64-linux-gnu-g++-12; do
    ln -s "/host$(readlink -f "$(command -v $tool)")" "$tools/usr/bin/$tool"
done
for one in /lib64 /lib/x86_64-linux-gnu /usr/lib/gcc /usr/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-musl /usr/include \
    /usr/share/cmake*; do
    ln -s "/host$(readlink -f "$one")" "$tools$one"
done
found=$(readlink -f "$compiler")
volumes="\"$work/packages:/packages:ro\", \"/usr:/host/usr:ro\""
case $found in
/usr/*) ln -s "/host$found" "$tools/usr/bin/c++" ;;
*)
    ln -s "$found" "$tools/usr/bin/c++"
    toolchain=$(dirname "$(dirname "$found")")
    volumes="$volumes, \"$toolchain:$toolchain:ro\""
    ;;
esac
cat >"$work/building.conf" <<C
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
volumes = [$volumes]
[engine]
runtime = "runc"
C

# The first command for a container in README.md, as it is there; and the stage that builds, once more, for the tests.
command=$(sed -n 's/^    docker \(build -t runsuite-base .*\)$/\1/p' "$source/README.md")
reader_types() {
    (cd "$source" && CONTAINERS_CONF=$work/building.conf BUILDAH_ISOLATION=chroot BUILDAH_FORMAT=docker \
        sh -c "podman $1") >"$work/build.log" 2>&1 ||
        { cat "$work/build.log"; echo "FAILED: the base image builds by: docker $1"; exit 1; }
}
reader_types "$command"
reader_types "$(echo "$command" | sed 's,-t runsuite-base,--target build -t localhost/runsuite-build,')"
rm -rf "$work/programs"
mkdir -p "$work/programs"
podman run --rm --pull=never --network none -v "$work/programs:/programs" localhost/runsuite-build \
    cp -R /out /src/build/image/bin /programs || { echo "FAILED: the programs are in the stage that builds"; exit 1; }
"$work/programs/out/usr/sbin/chpst" true || { echo "FAILED: the programs run here"; exit 1; }

# And with what a whole machine has in addition.
cat >"$work/programs/Dockerfile" <<'D'
ARG BASE
FROM ${BASE}
COPY bin/runit /sbin/runit
COPY bin/runit-init /sbin/init
STOPSIGNAL SIGPWR
ENTRYPOINT ["/sbin/runit"]
D
podman_build --build-arg BASE="$base" -t "$machine" "$work/programs" || { echo "FAILED: the image of a machine builds"; exit 1; }
echo "$compiler" >"$work/compiler"
echo "with $("$compiler" -dumpmachine 2>/dev/null) $compiler"
