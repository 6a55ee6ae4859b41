#!/bin/bash
# The examples of the editors' guide, built: each fenced block of
# docs/bien-tap.md and docs/bien-tap/*.md that follows a line
#
#   <!-- file: content/tin-tuc/vi-du.md -->
#
# is written to that path over a copy of this site; a line
#
#   <!-- picture: content/tin-tuc/vi-du/anh.jpg -->
#
# puts a small picture there. The site must build without a word.
#
# A block after <!-- error: PATH --> is a broken file: with it at PATH, and
# nothing else broken, loa must say exactly, in Vietnamese, what stands in the
# block after the <!-- message --> that follows.
#
# tests/guide.py looks at what the guide must not leave out.
set -u
cd "$(dirname "$0")/.." || exit 3
. tests/lib/tally.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
loa=$(realpath "${LOA:-build/san/loa}")
export LOA_LANG=en LC_ALL=C.UTF-8
guide=(docs/bien-tap.md docs/bien-tap/*.md)

for part in "${guide[@]}"; do
    if [ ! -f "$part" ]; then
        fail "$part is not there"
        finish
        exit
    fi
done

mkdir "$tmp/site"
# Without urls.tsv: the examples are not published.
for part in loa.yaml config content layouts static data i18n themes; do
    [ ! -e "$part" ] || cp -r "$part" "$tmp/site/"
done

# Paths may not leave the copy.
mkdir "$tmp/errors"
awk -v to="$tmp/site/" -v errors="$tmp/errors/" '
    function fence(s) { match(s, /^`+/); return RLENGTH }
    FNR == 1 {
        if (inside) {
            print FILENAME ": a block above is not closed"
            exit bad = 1
        }
        path = ""
    }
    /^<!-- message -->$/ && !inside {
        path = "@want"
        next
    }
    /^<!-- (file|picture|error): [^ ]+ -->$/ && !inside {
        path = $3
        if (path ~ /^\/|\.\./) {
            print "bad path: " path
            exit bad = 1
        }
        if ($2 == "error:") {
            nerrors++
            system("mkdir \"" errors nerrors "\"")
            print path >(errors nerrors "/path")
            close(errors nerrors "/path")
            path = "@broken"
            next
        }
        dir = to path
        sub(/\/[^\/]*$/, "", dir)
        system("mkdir -p \"" dir "\"")
        if ($2 == "picture:") {
            print path >(to ".pictures")
            path = ""
        }
        next
    }
    !inside && /^```/ {
        inside = fence($0)
        out = path == "" ? "" : to path
        if (path ~ /^@/)
            out = errors nerrors "/" substr(path, 2)
        else if (out != "")
            n++
        if (out != "")
            printf "" >out
        path = ""
        next
    }
    inside && /^`+$/ && fence($0) >= inside {
        if (out != "")
            close(out)
        inside = 0
        next
    }
    inside && out != "" { print >out }
    !inside && NF { path = "" }
    END {
        if (bad)
            exit bad
        print n + 0 >(to ".examples")
    }
' "${guide[@]}" || exit 1

# One grey dot, as JPEG and as PNG.
jpeg='/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k='
png='iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='
if [ -f "$tmp/site/.pictures" ]; then
    while read -r path; do
        case $path in
        *.png) base64 -d <<<"$png" >"$tmp/site/$path" ;;
        *) base64 -d <<<"$jpeg" >"$tmp/site/$path" ;;
        esac
    done <"$tmp/site/.pictures"
fi
examples=$(cat "$tmp/site/.examples")

silent() {
    local said rc=0
    said=$(timeout 300 "$loa" build --quiet -s "$tmp/site" -d "$tmp/out" \
        --clock 2026-11-21T08:00:00+07:00 2>&1) || rc=$?
    [ -z "$said" ] || printf '%s\n' "$said"
    [ "$rc" -eq 0 ] && [ -z "$said" ]
}

# The messages are compared whole: an editor reads them as they stand here.
says_this() {
    local dir=$1 path rc=0
    path=$(cat "$dir/path")
    rm -rf "$tmp/broken"
    cp -r "$tmp/site" "$tmp/broken"
    mkdir -p "$tmp/broken/$(dirname "$path")"
    cp "$dir/broken" "$tmp/broken/$path"
    (
        cd "$tmp/broken" || exit 3
        export LOA_LANG=vi
        timeout 300 "$loa" build --quiet -d "$tmp/out" \
            --clock 2026-11-21T08:00:00+07:00
    ) >"$dir/got" 2>&1 || rc=$?
    [ -s "$dir/want" ] && diff "$dir/want" "$dir/got" || return 1
    # An error is the end of the build, a warning is not.
    if grep -q '^[^ ].*: lỗi: ' "$dir/got"; then
        [ "$rc" -eq 1 ]
    else
        [ "$rc" -eq 0 ]
    fi
}

check 'every type, field and shortcode is there, every link leads' \
    python3 tests/guide.py
check "the guide has examples ($examples)" [ "$examples" -gt 2 ]
check 'its examples build without a word' silent
nerrors=$(find "$tmp/errors" -mindepth 1 -maxdepth 1 | wc -l)
check "the guide shows messages ($nerrors)" [ "$nerrors" -ge 10 ]
for dir in "$tmp"/errors/*/; do
    check "the message for $(cat "$dir/path")" says_this "${dir%/}"
done
finish
