# What the scripts share; they source it.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # for those who source this
prefix=${NPS_WINEPREFIX:-$root/build/wine-prefix}
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
