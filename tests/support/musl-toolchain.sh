#!/bin/sh
# sh tests/support/musl-toolchain.sh [DEST]
#
# Makes a C++20 compiler for musl on Debian 12, out of Debian's own packages: DEST/bin/musl-g++ (and musl-cc, musl-c++)
# links programs that need no library. DEST is build/musl-toolchain unless it is given. Takes an 83 MB download and some
# 90 s; what is there already is kept. Alpine needs none of this: its g++ is one.
#
# How: the libstdc++ of gcc-12-source, the very version of Debian's g++-12, is configured for x86_64-linux-musl and
# compiled by Debian's g++-12 against musl-dev. libgcc and the start files of the compiler stay Debian's; only the
# lookup of unwind tables needs a glibc function, which is written anew below.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
destination=${1:-$root/build/musl-toolchain}
target=x86_64-linux-musl
libraries=/usr/lib/$target
. "$root/tests/support/packages.sh"

works() {
    printf '#include <string>\nint main() { return std::string("x").size() == 1 ? 0 : 1; }\n' >"$1/works.cpp" &&
        "$destination/bin/musl-g++" -static -o "$1/works" "$1/works.cpp" 2>/dev/null && "$1/works"
}

check_machine() {
    [ "$(uname -m)" = x86_64 ] || { echo "This recipe is for x86_64 only." >&2; exit 1; }
    need x86_64-linux-gnu-g++-12 g++-12 -
    need make make -
    need xz xz-utils -
    need $libraries/libc.a musl-dev -
    need /lib/ld-musl-x86_64.so.1 musl -
    need /usr/include/linux/types.h linux-libc-dev -
    install_missing
}

# Into the current directory: the parts of GCC's source that libstdc++ is built from.
unpack_source() {
    [ ! -d gcc-12.2.0 ] || return 0
    if [ ! -f gcc-12-source.deb ]; then
        echo "Downloading gcc-12-source"
        apt-get download -q gcc-12-source >/dev/null
        mv gcc-12-source_*.deb gcc-12-source.deb
    fi
    echo "Unpacking libstdc++"
    dpkg --fsys-tarfile gcc-12-source.deb | tar -xOf - ./usr/src/gcc-12/gcc-12.2.0-dfsg.tar.xz |
        tar -xJf - --exclude='*/testsuite/[0-9]*' --wildcards \
            'gcc-12.2.0/libstdc++-v3/*' 'gcc-12.2.0/libgcc/*' 'gcc-12.2.0/libiberty/*' 'gcc-12.2.0/include/*' \
            'gcc-12.2.0/config/*' 'gcc-12.2.0/gcc/BASE-VER' 'gcc-12.2.0/gcc/DATESTAMP' 'gcc-12.2.0/config*' \
            'gcc-12.2.0/install-sh' 'gcc-12.2.0/missing' 'gcc-12.2.0/depcomp' 'gcc-12.2.0/mkinstalldirs' \
            'gcc-12.2.0/move-if-change' 'gcc-12.2.0/lt*' 'gcc-12.2.0/compile' 'gcc-12.2.0/mkdep' \
            'gcc-12.2.0/symlink-tree' 'gcc-12.2.0/multilib.am'
}

# The compiler drivers: Debian's g++-12 with other headers, libraries and start files.
write_drivers() {
    ln -sfn /usr/include/linux "$destination/kernel/linux"
    ln -sfn /usr/include/asm-generic "$destination/kernel/asm-generic"
    ln -sfn /usr/include/x86_64-linux-gnu/asm "$destination/kernel/asm"
    cat >"$destination/musl.specs" <<S
%rename cpp_options old_cpp_options

*cpp_options:
-nostdinc -isystem /usr/include/$target -isystem include%s -isystem $destination/kernel %(old_cpp_options)

*cc1:
%(cc1_cpu) -nostdinc -isystem /usr/include/$target -isystem include%s -isystem $destination/kernel

*link_libgcc:
-L$destination/lib -L$libraries -L .%s

*libgcc:
libgcc.a%s libgcc_eh.a%s -l:libdlfo.a -lc libgcc.a%s

*startfile:
%{shared:;static-pie:$libraries/rcrt1.o;static:$libraries/crt1.o;no-pie:$libraries/crt1.o;:$libraries/Scrt1.o} \
$libraries/crti.o %{static:crtbegin.o%s;no-pie:crtbegin.o%s;:crtbeginS.o%s}

*endfile:
%{static:crtend.o%s;no-pie:crtend.o%s;:crtendS.o%s} $libraries/crtn.o

*link:
--eh-frame-hdr -nostdlib %{shared:-shared} %{static:-static} \
%{static-pie:-static -pie --no-dynamic-linker -z text} \
%{!static:%{!static-pie:%{!shared:-dynamic-linker /lib/ld-musl-x86_64.so.1}}} %{rdynamic:-export-dynamic}

*esp_link:


*esp_options:


*esp_cpp_options:


S
    cat >"$destination/bin/musl-cc" <<S
#!/bin/sh
exec x86_64-linux-gnu-gcc-12 "\$@" -specs $destination/musl.specs
S
    cat >"$destination/bin/musl-g++" <<S
#!/bin/sh
headers=$destination/include/c++/12
exec x86_64-linux-gnu-g++-12 -nostdinc++ -isystem \$headers -isystem \$headers/$target \\
    -isystem \$headers/backward -fno-gnu-unique "\$@" -specs $destination/musl.specs
S
    chmod 755 "$destination/bin/musl-cc" "$destination/bin/musl-g++"
    ln -sf musl-g++ "$destination/bin/musl-c++"
}

# libgcc_eh asks glibc's _dl_find_object for unwind tables; musl has dl_iterate_phdr(3) only.
write_unwind_lookup() {
    cat >unwind_lookup.c <<'S'
#define _GNU_SOURCE
#include <link.h>

struct found {
    unsigned long long flags;
    void *map_start, *map_end;
    struct link_map *map;
    void *eh_frame;
    unsigned long long reserved[7];
};

struct question {
    unsigned long pc;
    struct found *answer;
};

static int look(struct dl_phdr_info *info, size_t size, void *data)
{
    struct question *question = data;
    void *frame = 0, *start = 0, *end = 0;
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        unsigned long address = info->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && question->pc - address < part->p_memsz) {
            start = (void *)address;
            end = (void *)(address + part->p_memsz);
        }
        if (part->p_type == PT_GNU_EH_FRAME) frame = (void *)address;
    }
    if (!start || !frame) return 0;
    *question->answer = (struct found){.map_start = start, .map_end = end, .eh_frame = frame};
    return 1;
}

int _dl_find_object(void *pc, struct found *answer)
{
    struct question question = {(unsigned long)pc, answer};
    return dl_iterate_phdr(look, &question) == 1 ? 0 : -1;
}
S
    "$destination/bin/musl-cc" -O2 -c unwind_lookup.c -o unwind_lookup.o
    rm -f "$destination/lib/libdlfo.a"
    ar rcs "$destination/lib/libdlfo.a" unwind_lookup.o
}

build_libstdcxx() {
    echo "Building libstdc++ for musl (logs are in $PWD/build)"
    mkdir -p libgcc build
    ln -sf ../gcc-12.2.0/libgcc/gthr-posix.h libgcc/gthr-default.h  # where libstdc++ looks for it
    cd build
    flags="-O2 -ffunction-sections -fdata-sections -fno-gnu-unique"
    ../gcc-12.2.0/libstdc++-v3/configure --build=x86_64-linux-gnu --host=$target --prefix="$destination" \
        --disable-multilib --disable-shared --disable-nls --disable-libstdcxx-pch --disable-libstdcxx-verbose \
        --enable-libstdcxx-time=yes --disable-libstdcxx-filesystem-ts \
        --with-gxx-include-dir="$destination/include/c++/12" AR=ar RANLIB=ranlib CC="$destination/bin/musl-cc" \
        CPP="$destination/bin/musl-cc -E" CXX="$destination/bin/musl-cc -nostdinc++" \
        CFLAGS="$flags" CXXFLAGS="$flags" >configure.log 2>&1
    make -j"$(nproc)" >make.log 2>&1
    make install >install.log 2>&1
}

mkdir -p "$destination"
destination=$(cd "$destination" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if works "$scratch"; then
    echo "There already: $destination/bin/musl-g++"
    exit 0
fi
check_machine
mkdir -p "$destination/bin" "$destination/lib" "$destination/kernel" "$destination/work"
cd "$destination/work"
unpack_source
write_drivers
write_unwind_lookup
build_libstdcxx
works "$scratch" || { echo "The new compiler does not work; see $destination/work/build/*.log." >&2; exit 1; }
rm -rf "$destination/work"
echo "Made: $destination/bin/musl-g++"
