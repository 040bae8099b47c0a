# Sourced by the scripts that work on a fresh machine: names what they need, and installs what is missing with the
# system's package manager, saying so. Debian (apt-get) and Alpine (apk); elsewhere it says what to install.
#
#   need PROBE DEBIAN ALPINE          nothing works without it
#   want PROBE DEBIAN ALPINE REASON   REASON says what is left out without it
#   install_missing
#
# PROBE is a command, or a file when it starts with a slash; "a|b" is either. So are package names; - is none.

missing_needs=''
missing_wants=''

is_there() {
    ( IFS='|'
      for probe in $1; do
          case $probe in
          /*) [ -e "$probe" ] && exit 0 ;;
          *) command -v "$probe" >/dev/null 2>&1 && exit 0 ;;
          esac
      done
      exit 1 )
}

need() {
    is_there "$1" || missing_needs="$missing_needs$1 $2 $3
"
}

want() {
    is_there "$1" || missing_wants="$missing_wants$1 $2 $3 $4
"
}

package_manager() {
    if command -v apt-get >/dev/null 2>&1; then echo apt-get
    elif command -v apk >/dev/null 2>&1; then echo apk
    else echo none
    fi
}

# The first of the packages "a|b" that the package manager knows.
available() {
    ( IFS='|'
      for package in $1; do
          case $(package_manager) in
          apt-get) apt-get install -s --no-install-recommends "$package" >/dev/null 2>&1 || continue ;;
          apk) apk add --simulate "$package" >/dev/null 2>&1 || continue ;;
          esac
          echo "$package"
          exit 0
      done
      exit 1 )
}

# Lines "PROBE DEBIAN ALPINE [REASON]" on stdin -> names of packages on stdout, what is left out on stderr.
choose_packages() {
    while read -r probe debian alpine reason; do
        [ -n "$probe" ] || continue
        case $(package_manager) in apk) names=$alpine ;; *) names=$debian ;; esac
        if [ "$names" != - ] && package=$(available "$names"); then echo "$package"
        else echo "  there is no package for $probe here${reason:+: without $reason}" >&2
        fi
    done
}

install_missing() {
    [ -n "$missing_needs$missing_wants" ] || return 0
    if [ "$(package_manager)" = none ] || [ "$(id -u)" -ne 0 ]; then
        echo "Missing, and only root on Debian or Alpine can have it installed by this script:"
        printf '%s' "$missing_needs$missing_wants" | while read -r probe _ _ reason; do
            echo "  $probe${reason:+ (without it: without $reason)}"
        done
        [ -z "$missing_needs" ] || exit 1
        return 0
    fi
    case $(package_manager) in
    apt-get) apt-get update -q >/dev/null || echo "  apt-get update failed: going on with the lists that are there" ;;
    apk) apk update -q || echo "  apk update failed: going on with the lists that are there" ;;
    esac
    packages=$(printf '%s' "$missing_needs$missing_wants" | choose_packages | sort -u | tr '\n' ' ')
    [ -n "$packages" ] || { forget_missing; return 0; }
    echo "Installing with $(package_manager): $packages"
    # Nothing that a package brings is to be started here.
    # shellcheck disable=SC2086 # a list
    case $(package_manager) in
    apt-get) RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends $packages >/dev/null ;;
    apk) apk add -q $packages ;;
    esac || { echo "Installing failed." >&2; exit 1; }
    forget_missing
}

forget_missing() {
    still=$(printf '%s' "$missing_needs" | while read -r probe _; do is_there "$probe" || echo "$probe"; done)
    missing_needs=''
    missing_wants=''
    [ -z "$still" ] || { echo "Still missing:" $still >&2; exit 1; }
}

# What every build needs, and the generator it uses.
need_build_tools() {
    need 'c++' g++ build-base
    need cmake cmake cmake
    need 'ninja|samu|make' ninja-build 'samurai|ninja'
    need /usr/include/linux/types.h linux-libc-dev linux-headers
}

generator() {
    if is_there 'ninja|samu'; then echo Ninja; else echo 'Unix Makefiles'; fi
}
