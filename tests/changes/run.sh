#!/bin/bash
# .loa/changed.txt and .loa/removed.txt after builds of every kind. Whoever
# copies what was changed and removes what was removed has the new site.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
loa=$(realpath "${LOA:-build/san/loa}")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LOA_LANG=en LC_ALL=C.UTF-8
clock=2026-11-21T08:00:00+07:00
site=$tmp/site mirror=$tmp/mirror base=https://tin.example/doan/

piece() { # NAME TITLE
    mkdir -p "$(dirname "$site/content/$1")"
    printf -- '---\ntitle: "%s"\ndate: 2026-11-1%s\n---\nVăn.\n' \
        "$2" $((${#2} % 10)) >"$site/content/$1.md"
}

make_site() {
    mkdir -p "$site/layouts" "$site/static" "$site/content" "$mirror"
    cat >"$site/loa.yaml" <<END
baseURL: $base
title: Tin
languageCode: vi
timeZone: Asia/Ho_Chi_Minh
END
    echo '<h1>{{ page.title }}</h1>{{ page.content }}' \
        >"$site/layouts/single.html"
    echo '{{ page.title }}' >"$site/layouts/list.html"
    echo one >"$site/static/công văn #1 50%.txt"
    local i
    for i in 1 2 3 4 5; do piece "tin/bai-$i" "Bài $i"; done
}

build() { "$loa" build -s "$site" --clock $clock --json "$@" >"$tmp/json"; }

# The way of docs/server.md, with cp for rsync. The output is where it was.
carry() {
    jq -r '.changes.changed[].path' "$tmp/json" |
        (cd "$site/public" && xargs -r -d '\n' cp --parents -t "$mirror") &&
        jq -r '.changes.removed[].path' "$tmp/json" |
        (cd "$mirror" && xargs -r -d '\n' rm --)
}

same() { # no folder is removed by the lists
    find "$mirror" -mindepth 1 -type d -empty -delete
    diff -r "$site/public" "$mirror"
}

paths() { # from URLs, as docs/server.md has it
    local url
    while IFS= read -r url; do
        url=${url#"$base"}
        case $url in '' | */) url=${url}index.html ;; esac
        printf '%b\n' "${url//%/\\x}"
    done <"$site/.loa/$1.txt"
}

agree() { # text and JSON
    local kind
    for kind in changed removed; do
        jq -r ".changes.$kind[].url" "$tmp/json" |
            diff - "$site/.loa/$kind.txt" &&
            jq -r ".changes.$kind[].path" "$tmp/json" |
            diff - <(paths $kind) && LC_ALL=C sort -c "$site/.loa/$kind.txt" ||
            return 1
    done
}

lists() { # WANTED: words such as +tin/bai-1/ -tin/bai-2/; the site map aside
    local has
    has=$(sed "s|^$base|+|" "$site/.loa/changed.txt"
        sed "s|^$base|-|" "$site/.loa/removed.txt")
    has=$(grep -v sitemap <<<"$has" | xargs -r)
    [ "$has" = "$1" ] || echo "listed: $has"
    [ "$has" = "$1" ]
}

built() { # NAME WANTED
    check "$1: builds" build
    [ $# -lt 2 ] || check "$1: what is listed" lists "$2"
    check "$1: text and JSON agree" agree
    check "$1: can be carried over" carry
    check "$1: the copy is the site" same
}

make_site
built 'the first build'
check 'it lists all' eval \
    "[ \$(wc -l <$site/.loa/changed.txt) = \$(find $site/public -type f | wc -l) ]"
check 'an address is encoded' grep -qFx \
    "${base}c%C3%B4ng%20v%C4%83n%20%231%2050%25.txt" "$site/.loa/changed.txt"
built 'nothing' ''
piece tin/bai-1 "Bài một"
build
check 'an edit is listed' grep -qFx "${base}tin/bai-1/" "$site/.loa/changed.txt"
check 'and no other piece' eval "! grep bai-2 $site/.loa/changed.txt"
check 'an edit is carried over' carry
check 'an edit: the copy is the site' same
rm "$site/content/tin/bai-2.md"
built 'taken away'
check 'it is in the list' grep -qFx "${base}tin/bai-2/" "$site/.loa/removed.txt"
mv "$site/content/tin/bai-3.md" "$site/content/tin/bai-ba.md"
built 'a new name'
check 'the new one' grep -qFx "${base}tin/bai-ba/" "$site/.loa/changed.txt"
check 'the old one' grep -qFx "${base}tin/bai-3/" "$site/.loa/removed.txt"
echo two >>"$site/static/công văn #1 50%.txt"
built 'a copied file' '+c%C3%B4ng%20v%C4%83n%20%231%2050%25.txt'
built 'nothing again' ''
cp "$site/.loa/changed.txt" "$tmp/was"
touch -d '1 hour ago' "$tmp/stamp" "$site/.loa/changed.txt"
build
check 'an empty list is not written again' \
    test ! "$site/.loa/changed.txt" -nt "$tmp/stamp"

# Another hand, or a lost memory: too much rather than too little.
echo x >>"$site/public/tin/bai-1/index.html"
built 'what was put right' '+tin/bai-1/'
rm "$site/.public.loa/told"
build
check 'without memory all has changed' eval \
    "[ \$(wc -l <$site/.loa/changed.txt) = \$(find $site/public -type f | wc -l) ]"
cp "$site/.public.loa/told" "$tmp/told"
mv "$tmp/told" "$site/.public.loa/told" # two files now, as where links are not
built 'a copy for a link' ''
rm "$site/.public.loa/told" # else the manifest is written as well
echo x >"$site/.public.loa/told"
build
check 'a damaged memory too' test -s "$site/.loa/changed.txt"

# Errors: the lists of the last good build stay.
cp "$site/.loa/changed.txt" "$tmp/was"
printf -- '---\ndate: mai\n---\n' >"$site/content/hong.md"
build 2>/dev/null
check 'errors: the lists stay' diff "$tmp/was" "$site/.loa/changed.txt"
rm "$site/content/hong.md"
built 'good again' ''

# Killed between the commit and the lists: the next build tells of both.
killed_at() { # CALL PIECE
    piece "tin/$2" "Bài $2"
    (strace -f -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=1" \
        "$loa" build -q -s "$site" --clock $clock) >"$tmp/log" 2>&1
    [ -f "$site/public/tin/$2/index.html" ] ||
        [ -f "$site/.public.loa/journal" ]
}
killed() { # CALL PIECE
    check "killed at $1: after the commit" killed_at "$1" "$2"
    piece "tin/$2-sau" "Bài sau"
    build 2>/dev/null
    check "killed at $1: the piece is listed" grep -qFx "${base}tin/$2/" \
        "$site/.loa/changed.txt"
    check "killed at $1: the next one too" grep -qFx "${base}tin/$2-sau/" \
        "$site/.loa/changed.txt"
    check "killed at $1: can be carried over" carry
    check "killed at $1: the copy is the site" same
}
if command -v strace >/dev/null; then
    killed linkat bai-6
    rm "$site/content/tin/bai-4.md"
    killed unlinkat bai-7 # bai-4 is still there
    check 'what the journal removed is listed' grep -qFx "${base}tin/bai-4/" \
        "$site/.loa/removed.txt"
fi

# Another output folder has a memory of its own.
build -d "$tmp/other"
check 'another folder: all is new' test -s "$site/.loa/changed.txt"
built 'and this one has nothing new' ''

finish
