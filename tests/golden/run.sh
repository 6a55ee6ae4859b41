#!/bin/bash
# Golden sites: each folder here holds a small site and the whole output it
# must give, byte for byte.
#
#   NAME/site/          the site
#   NAME/cmd            arguments beyond the common ones, one line (optional)
#   NAME/expected/      every file of the output; absent: there is none
#   NAME/expected.err   what is said on stderr; absent: nothing
#   NAME/expected.code  the exit code; absent: 0
#
# Built with one thread and with eight, twice into the same folder and once
# into a fresh one: all must give the same bytes and the same messages.
#
#   tests/golden/run.sh [NAME...]
#   UPDATE=1  rewrites what is expected and shows the difference (make golden)
#   QUICK=1   once with eight threads (for the thread sanitizer)
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
loa=$(realpath "${LOA:-build/san/loa}")
case $loa in *tsan*) loa="setarch -R $loa" ;; esac
export LOA_LANG=en LC_ALL=C.UTF-8
clock=2026-11-21T08:00:00+07:00

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# build OUT THREADS ERR: sets rc
build() {
    rc=0
    # shellcheck disable=SC2086 # lists of words
    (cd "$tmp/work" && timeout 120 $loa build --quiet -s site -d "$1" \
        --clock "$clock" -j "$2" $extra) >"$tmp/stdout" 2>"$3" || rc=$?
}

# same WHAT A B: folders (missing is empty) or files; notes what differs
same() {
    local a=$2 b=$3
    [ -e "$a" ] || a=$tmp/nothing
    [ -e "$b" ] || b=$tmp/nothing
    if [ -d "$a" ] && [ ! -d "$b" ]; then b=$tmp/nothing.d; fi
    if [ -d "$b" ] && [ ! -d "$a" ]; then a=$tmp/nothing.d; fi
    diff -r -u --text "$a" "$b" >>"$tmp/why" 2>&1 && return
    echo "^^ $1" >>"$tmp/why"
    good=false
}

update() {
    local dir=$1
    rm -rf "$dir/expected" "$dir/expected.err" "$dir/expected.code"
    [ ! -d "$tmp/work/out" ] || cp -r "$tmp/work/out" "$dir/expected"
    [ ! -s "$tmp/err" ] || cp "$tmp/err" "$dir/expected.err"
    [ "$rc" -eq 0 ] || echo "$rc" >"$dir/expected.code"
}

golden() {
    local dir=$1 name want=0 run
    name=$(basename "$dir")
    extra=$(cat "$dir/cmd" 2>/dev/null)
    good=true
    : >"$tmp/why"
    : >"$tmp/nothing"
    rm -rf "$tmp/work"
    mkdir -p "$tmp/work" "$tmp/nothing.d"
    cp -r "$dir/site" "$tmp/work/site"
    [ ! -f "$dir/prepare.sh" ] || (cd "$tmp/work/site" && sh "$OLDPWD/$dir/prepare.sh")

    build out 8 "$tmp/err"
    if [ -n "${UPDATE:-}" ]; then
        update "$dir"
    fi
    [ ! -f "$dir/expected.code" ] || want=$(cat "$dir/expected.code")
    if [ "$rc" -ne "$want" ]; then
        echo "exit code $rc, not $want" >>"$tmp/why"
        good=false
    fi
    same 'what is said' "$dir/expected.err" "$tmp/err"
    same 'the output' "$dir/expected" "$tmp/work/out"

    if [ -z "${QUICK:-}" ]; then
        build out 1 "$tmp/err2"
        same 'built again, one thread: messages' "$tmp/err" "$tmp/err2"
        same 'built again, one thread' "$dir/expected" "$tmp/work/out"
        build fresh 1 "$tmp/err2"
        same 'fresh, one thread: messages' "$tmp/err" "$tmp/err2"
        same 'fresh, one thread' "$dir/expected" "$tmp/work/fresh"
        build fresh 8 "$tmp/err2"
        same 'built again, eight threads: messages' "$tmp/err" "$tmp/err2"
        same 'built again, eight threads' "$dir/expected" "$tmp/work/fresh"
    fi
    if $good; then pass "$name"; else fail "$name" "$tmp/why"; fi
}

if [ $# -eq 0 ]; then
    set -- $(cd tests/golden && ls -d */ | tr -d /)
fi
for name; do
    golden "tests/golden/$name"
done
if [ -n "${UPDATE:-}" ]; then
    git --no-pager -c core.quotePath=false diff --stat -p -- tests/golden
    git -c core.quotePath=false status --short -- tests/golden | grep '^??' || true
fi
finish
