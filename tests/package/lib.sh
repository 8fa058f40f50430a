# What the tests of the package share; they source it. Each has a Wine prefix of its own, for registry and files.
# shellcheck shell=bash
# shellcheck disable=SC2034 # for those who source this

. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

made=$root/build/package/dist            # what package.IsMade has made
unpacked=$root/build/package/unpacked    # the ZIP
test_name=${0##*/}
declare -A system=([x64]='C:\windows\system32' [x86]='C:\windows\syswow64')
failed=0

shopt -s nullglob
zips=("$made"/*.zip)
[ ${#zips[@]} = 1 ] || {
    echo "Skipped: there is no package; package.IsMade says why"
    exit 0
}
version=$(basename "${zips[0]}" .zip)
version=${version#NamedPipeServer-}
setup=$made/NamedPipeServer-$version-setup.exe
top=$unpacked/NamedPipeServer-$version

complain() {
    printf '%s: %s\n' "$test_name" "$*"
    failed=1
}

# expect WHAT COMMAND...: that it succeeds.
expect() {
    local what=$1

    shift
    "$@" || complain "not so: $what"
}

# expect_equal WHAT WANTED GOT
expect_equal() { [ "$2" = "$3" ] || complain "$1 is \"$3\" and should be \"$2\""; }

# expect_same WHAT FILE FILE
expect_same() { diff -u "$2" "$3" || complain "$1 differs"; }

finish() {
    [ "$failed" = 0 ] && echo "$test_name: all held"
    exit "$failed"
}

# wait_until SECONDS COMMAND...: for what Wine's programs do behind our back.
wait_until() {
    local left=$(($1 * 10))

    shift
    while ! "$@"; do
        ((left-- > 0)) || return 1
        sleep 0.1
    done
}

windows_path() { printf 'Z:%s' "${1//\//\\}"; }

# begin_prefix NAME: Windows' own files are links to those of the checkout's prefix. Programs of an earlier run end.
begin_prefix() {
    local from=$prefix entry

    export NPS_WINEPREFIX=$root/build/package/prefix-$1
    prefix=$NPS_WINEPREFIX
    drive=$prefix/drive_c
    [ ! -d "$prefix" ] || end_prefix
    rm -rf "$prefix"
    mkdir -p "$prefix"
    for entry in "$from"/* "$from"/.update-timestamp; do
        if [ "${entry##*/}" = drive_c ]; then
            cp -al "$entry" "$prefix"
        else
            cp -a "$entry" "$prefix"
        fi
    done
    trap end_prefix EXIT
    start_wine
    # Another test may have its DLL registered just now, for the machine or for the user.
    forget_classes
}

end_prefix() { WINEPREFIX=$prefix wineserver -k >/dev/null 2>&1 || true; }

# What registration writes, by the package's own DLLs.
forget_classes() {
    local bitness

    for bitness in x64 x86; do
        regsvr32 "$bitness" /u "$top/$bitness/NamedPipeServer.dll"
        regsvr32 "$bitness" "/u /n /i:user" "$top/$bitness/NamedPipeServer.dll"
    done
}

# regsvr32 BITNESS OPTIONS DLL
regsvr32() {
    # shellcheck disable=SC2086 # options are words
    wine "${system[$1]}\\regsvr32.exe" /s $2 "$(windows_path "$3")" </dev/null >/dev/null 2>&1
}

# script BITNESS FILE ARGUMENT...: by the system's cscript; what it said, without Windows' line ends.
script() {
    local bitness=$1 file=$2

    shift 2
    wine "${system[$bitness]}\\cscript.exe" //nologo "$(windows_path "$file")" "$@" </dev/null 2>&1 | tr -d '\r'
}

# take_state FILE: the registry's keys that programs write, and the files, but for Wine's folder of temporary files.
take_state() {
    wine regedit /E 'C:\state.reg' 'HKEY_LOCAL_MACHINE\Software' </dev/null >/dev/null 2>&1
    iconv -f UTF-16 -t UTF-8 "$drive/state.reg" >"$1"
    wine regedit /E 'C:\state.reg' 'HKEY_CURRENT_USER' </dev/null >/dev/null 2>&1
    iconv -f UTF-16 -t UTF-8 "$drive/state.reg" >>"$1"
    rm "$drive/state.reg"
    (cd "$drive" && find . -not -path '*/Temp/*' -not -path './windows/temp/*' | LC_ALL=C sort) >>"$1"
}

# run_program FILE ARGUMENT...: what it said goes to $said, how it ended to $code.
run_program() {
    code=0
    wine "$@" </dev/null >"$prefix/said" 2>/dev/null || code=$?
    said=$(tr -d '\r' <"$prefix/said")
}
