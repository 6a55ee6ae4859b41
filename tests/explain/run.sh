#!/bin/bash
# loa build --explain URL: each reason why a file is made or kept.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
loa=$(realpath "${LOA:-build/san/loa}")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LOA_LANG=en LC_ALL=C.UTF-8
site=$tmp/site base=https://tin.example/doan/
year=2026

piece() { # NAME TITLE BODY
    mkdir -p "$(dirname "$site/content/$1")"
    printf -- '---\ntitle: "%s"\ndate: 2026-11-1%s\nsapo: "Tóm tắt."\n---\n%s\n' \
        "$2" "${1##*-}" "$3" >"$site/content/$1.md"
    touch -d '1 hour ago' "$site/content/$1.md"
}

make_site() {
    mkdir -p "$site/layouts" "$site/static" "$site/content"
    cat >"$site/loa.yaml" <<END
baseURL: $base
title: Tin
languageCode: vi
timeZone: Asia/Ho_Chi_Minh
END
    echo '<h1>{{ page.title }}</h1>{{ page.content }}' \
        >"$site/layouts/single.html"
    cat >"$site/layouts/list.html" <<'END'
---
select:
  items: {in: "."}
---
{{ page.title }}{% for p in items %} {{ p.title }}{% endfor %} {{ clock.year }}
END
    echo one >"$site/static/tệp.txt"
    piece tin/bai-1 "Bài 1" 'Một.'
    piece tin/bai-2 "Bài 2" 'Hai.'
    piece tin/bai-3 "Bài 3" 'Ba.'
    piece tro-4 "Trỏ" '[một](tin/bai-1.md)'
}

build() { "$loa" build -s "$site" --clock $year-11-21T08:00:00+07:00 "$@"; }

# because NAME URL WANTED: of the first file of URL, "reason" or "parts: a b"
because() {
    local has
    build --json --explain "$2" >"$tmp/json" 2>"$tmp/said"
    has=$(jq -r '.explained[0] | if .reason == "parts"
        then "parts: " + (.parts | join(" ")) else .reason end' "$tmp/json")
    echo "$2: $has, not $3" >>"$tmp/said"
    if [ "$has" = "$3" ] && jq -e '.explained[0] |
        .made == (.reason != "kept")' "$tmp/json" >/dev/null; then
        pass "$1"
    else
        fail "$1" "$tmp/said"
    fi
}

make_site
because 'the first build' /tin/bai-1/ no-cache
because 'nothing' /tin/bai-1/ kept
piece tin/bai-5 "Bài 5" 'Năm.'
because 'a new piece' /tin/bai-5/ new
piece tin/bai-1 "Bài 1" 'Một, sửa.'
because 'the body' /tin/bai-1/ 'parts: body'
piece tin/bai-1 "Bài một" 'Một, sửa.'
because 'the front matter' /tin/bai-1/ 'parts: front'
piece tin/bai-1 "Bài một!" 'Một, sửa.'
because 'a neighbour' /tin/bai-2/ 'parts: around'
piece tin/bai-1 "Bài một!!" 'Một, sửa.'
because 'a list' /tin/ 'parts: list'
because 'a list, nothing' /tin/ kept
echo '{{ page.title }}{{ page.content }}.' >"$site/layouts/single.html"
because 'a layout' /tin/bai-2/ 'parts: layout'
year=2027
because 'the year' tin/index.html 'parts: clock'
because 'not of a piece' /tin/bai-2/ kept
echo 'params: {mới: 1}' >>"$site/loa.yaml"
because 'the configuration' /tin/bai-2/ 'parts: site'
echo two >>"$site/static/tệp.txt"
because 'a copied file' /tệp.txt 'parts: file'
echo x >>"$site/public/tin/bai-2/index.html"
because 'changed by another hand' /tin/bai-2/ published
rm "$site/public/tin/bai-2/index.html"
because 'removed by another hand' /tin/bai-2/ published
sed -i 's/^sapo/url: tin\/khac\/\n&/' "$site/content/tin/bai-1.md"
because 'a link leads elsewhere' /tro-4/ answers
check 'and which' test "$(jq -r '.explained[0].asked[]' "$tmp/json")" = tin/bai-1.md
rm -rf "$site/.loa/cache"
because 'no cache' /tin/bai-2/ no-cache

# What was named: the page with its feeds, or one file, in any way of writing.
files() { # URL...: what is explained
    local args=() url
    for url; do args+=(--explain "$url"); done
    build --json "${args[@]}" | jq -r '.explained[].path' | xargs
}
one='tin/atom.xml tin/feed.json tin/index.html tin/index.xml'
for url in /tin/ tin/ /tin /doan/tin/ ${base}tin/; do
    check "files of $url" test "$(files $url)" = "$one"
done
check 'one file' test "$(files /tin/index.xml)" = tin/index.xml
check 'one page only' test "$(files tin/index.html)" = tin/index.html
check 'an encoded name' test "$(files "${base}t%E1%BB%87p.txt")" = tệp.txt
check 'two' test "$(files /robots.txt /tin/bai-2/)" = \
    'robots.txt tin/bai-2/index.html'

# It says the same whichever thread decides, and leaves the site as without.
build --explain /tin/ -j 1 | grep -v ' s: ' >"$tmp/one"
build --explain /tin/ -j 8 | grep -v ' s: ' >"$tmp/two"
check 'the same with many threads' diff "$tmp/one" "$tmp/two"
check 'in words' grep -qFx \
    'tin/index.html was kept: nothing it depends on has changed' "$tmp/one"
cp -a "$site/public" "$tmp/public"
piece tin/bai-2 "Bài hai" 'Hai.'
build --explain /nowhere/ >"$tmp/said" 2>&1
check 'unknown: exit code' test $? -eq 1
check 'unknown: nothing is published' diff -r "$site/public" "$tmp/public"
because 'and typed right, it tells' /tin/ 'parts: list'

finish
