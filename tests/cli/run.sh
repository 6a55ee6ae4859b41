#!/bin/bash
# What the command line says, one plain text file a case: NAME.test with the
# sections
#
#   # command   a shell script, run in an empty folder; `loa` is the program
#   # env       NAME=VALUE lines (LOA_LANG=en unless said)
#   # files     == PATH lines, each followed by what the file holds
#   # stdout    what is printed; absent: not looked at
#   # stderr    the same; absent: nothing may be said there
#   # code      the exit code; absent: 0
#
# In stdout and stderr a line "..." stands for any lines and "~ RE" for a line
# that the regular expression matches. Words before the first section are a
# comment.
#
#   tests/cli/run.sh [NAME...]
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
top=$PWD
loa=$(realpath "${LOA:-build/san/loa}")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C.UTF-8
mkdir "$tmp/bin"
ln -s "$loa" "$tmp/bin/loa"

# The sections of a case into $tmp/case/, its files into $tmp/work/.
unpack() {
    rm -rf "$tmp/case" "$tmp/work"
    mkdir "$tmp/case" "$tmp/work"
    awk -v to="$tmp/case/" '
        /^# (command|env|files|stdout|stderr|code)$/ {
            out = to $2
            printf "" >out
            next
        }
        out != "" { print >out }' "$1"
    [ -f "$tmp/case/files" ] || return 0
    awk -v to="$tmp/work/" '
        /^== / {
            if (out != "")
                close(out)
            path = substr($0, 4)
            out = to path
            dir = out
            sub(/\/[^\/]*$/, "", dir)
            gsub(/\047/, "\047\\\047\047", dir)
            system("mkdir -p \047" dir "\047")
            printf "" >out
            next
        }
        out != "" { print >out }' "$tmp/case/files"
}

compare() {
    local what=$1
    if [ ! -f "$tmp/case/$what" ]; then
        [ "$what" = stderr ] || return 0
        : >"$tmp/case/$what"
    fi
    # A blank line before the next section is for the reader.
    sed -i -e :a -e '/^\n*$/{$d;N;ba' -e '}' "$tmp/case/$what"
    awk -f tests/lib/match.awk "$tmp/case/$what" "$tmp/$what" \
        >"$tmp/diff" && return 0
    {
        echo "$what differs:"
        cat "$tmp/diff"
        echo "-- the whole of it:"
        cat "$tmp/$what"
    } >>"$tmp/why"
    return 1
}

case_of() {
    local file=$1 name want rc=0 good=true
    name=$(basename "$file" .test)
    unpack "$file"
    : >"$tmp/why"
    # shellcheck disable=SC2046 # one word a variable
    (cd "$tmp/work" && PATH=$tmp/bin:$PATH timeout 120 env LOA_LANG=en \
        TESTS="$top/tests" $(cat "$tmp/case/env" 2>/dev/null) \
        bash "$tmp/case/command") \
        >"$tmp/stdout" 2>"$tmp/stderr" </dev/null || rc=$?
    want=$(cat "$tmp/case/code" 2>/dev/null | tr -d ' \n')
    if [ "$rc" -ne "${want:-0}" ]; then
        echo "exit code $rc, not ${want:-0}" >>"$tmp/why"
        good=false
    fi
    compare stdout || good=false
    compare stderr || good=false
    if $good; then pass "$name"; else fail "$name" "$tmp/why"; fi
}

if [ $# -eq 0 ]; then
    set -- $(cd tests/cli && ls *.test 2>/dev/null)
fi
for name; do
    case_of "tests/cli/${name%.test}.test"
done
finish
