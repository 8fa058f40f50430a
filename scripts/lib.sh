# What the scripts share; they source it.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # for those who source this
prefix=${NPS_WINEPREFIX:-$root/build/wine-prefix}
setup_log=$root/build/setup.log        # of packages that are installed
mkdir -p "$root/build"

say() { printf '%s\n' "$*" >&2; }

# One sentence about what to do, and the end.
die() {
    say "$*"
    exit 1
}

# help_if_asked ARGUMENT...: for --help prints the comment at the head of the script, and ends it.
help_if_asked() {
    case "${1:-}" in
        -h | --help) ;;
        *) return 0 ;;
    esac
    printf '%s\n' "$(sed -n '2,${/^#/!q; /^# shellcheck /d; s/^# \{0,1\}//; p}' "$0")"
    exit 0
}

# quietly LOG COMMAND...: what the command says goes to the log; its end is shown if it fails.
quietly() {
    local log=$1 status=0

    shift
    "$@" </dev/null >"$log" 2>&1 || status=$?
    [ "$status" = 0 ] || tail -n 15 "$log" >&2
    return "$status"
}

# Runs a Windows program. See scripts/wine.
wine() { "$root/scripts/wine" "$@"; }

# Starts Wine's background services, silently, so that they inherit no one's output, and keeps them for ten minutes
# after the last program: a test then starts in a tenth of a second. Without this each start takes two.
start_wine() {
    WINEPREFIX=$prefix WINEDEBUG=-all wineserver -p600 </dev/null >/dev/null 2>&1 || true    # 2: it runs already
    wine cmd /c exit </dev/null >/dev/null 2>&1 ||
        die "Wine does not start; scripts/setup makes its prefix, build/wine-prefix."
    # The first window of all starts the desktop, whose process would keep that test's output open for half a minute.
    WINE_TIMEOUT=1800 wine explorer /desktop </dev/null >/dev/null 2>&1 &
}

# What a build needs.
# shellcheck disable=SC2034 # for those who source this
build_packages=(
    cmake ninja-build ccache
    gcc-mingw-w64-x86-64-posix g++-mingw-w64-x86-64-posix
    gcc-mingw-w64-i686-posix g++-mingw-w64-i686-posix
    mingw-w64-tools                     # widl
    googletest
    libwine libwine-dev                 # stdole2.tlb, and the base IDLs
    python3                             # tests of the documents and of the layers, and the package's pages
)

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# can_be_root PURPOSE: ends the script where neither root nor sudo is to be had.
can_be_root() {
    [ "$(id -u)" = 0 ] && return
    command -v sudo >/dev/null || die "Run scripts/${0##*/} as root, or install sudo: it has to $1."
    if [ -t 0 ]; then
        sudo -v || die "sudo refused: scripts/${0##*/} has to $1."
    else
        sudo -n true 2>/dev/null ||
            die "Run scripts/${0##*/} as root, or in a terminal where sudo can ask for a password: it has to $1."
    fi
}

installed() { [[ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" == ?i* ]]; }

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300 -o Acquire::http::Timeout=20 \
        -o APT::Update::Error-Mode=any "$@" </dev/null >>"$setup_log" 2>&1
}

mirror_is_being_synchronised() { grep -qE 'unexpected size|Hash Sum mismatch|Mirror sync' "$setup_log"; }
mirror_is_out_of_reach() { grep -q '^Err:' "$setup_log" && ! grep -qE '^(Hit|Get):' "$setup_log"; }

# A mirror that is just being filled serves an index that does not fit its sum: that passes by itself, often.
# Takes the packages that are wanted, for the case that nothing can be had.
refresh_package_lists() {
    local pause

    for pause in 5 15 0; do
        : >"$setup_log"
        apt update && return
        mirror_is_being_synchronised || break
        sleep "$pause"
    done
    ! mirror_is_out_of_reach ||
        die "The package mirror is out of reach (no network?), and these packages are missing: $*."
    cp "$setup_log" "$root/build/setup-lists.log"
    say "Not every package list could be refreshed (build/setup-lists.log says which);" \
        "going on with what is known."
}

# install_missing PACKAGE...: those of them that are not installed.
install_missing() {
    local package missing=()

    for package; do
        installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    can_be_root "install ${missing[*]}"
    say "Refreshing the package lists (10 seconds)"
    refresh_package_lists "${missing[@]}"
    say "Installing ${missing[*]} (1 minute)"
    apt install --no-install-recommends "${missing[@]}" ||
        die "These packages could not be installed: ${missing[*]}; build/setup.log says why."
}
