#!/bin/bash
# The build that finds nothing changed: no source is opened, nothing is written,
# the same is said again; and it notices everything that is not as it was.
set -u
cd "$(dirname "$0")/.." || exit 3
LOA=$(realpath "${LOA:-build/loa}")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0
check() {
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL  $what"
    fi
}

site=$tmp/site
mkdir -p "$site/content/tin" "$site/layouts"
cat >"$site/loa.yaml" <<'YAML'
baseURL: https://vi-du.example/
title: Trang thử
timeZone: Asia/Ho_Chi_Minh
YAML
for i in 1 2 3; do
    printf -- '---\ntitle: Bài %s\ndate: 2026-11-0%s\n---\n\nChữ %s.\n' \
        $i $i $i >"$site/content/tin/bai-$i.md"
done
printf -- '---\ntitle: Nháp\ndraft: true\n---\n' >"$site/content/tin/nhap.md"
printf '\n[nháp](nhap.md)\n' >>"$site/content/tin/bai-1.md"
printf '{{ page.title }} {{ page.content }}' >"$site/layouts/single.html"
printf '{{ page.title }}' >"$site/layouts/list.html"
sleep 0.05

build() {
    (cd "$site" && "$LOA" build --clock 2026-11-21T08:00:00+07:00 "$@") \
        >"$tmp/out" 2>"$tmp/err"
}
# Content files that the build opened. The leak checker cannot work where
# another traces.
opened() {
    (cd "$site" && ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" \
        strace -f -qq -e trace=openat,openat2 -o "$tmp/trace" \
        "$LOA" build -q --clock 2026-11-21T08:00:00+07:00) 2>"$tmp/err2"
    grep -c '\.md"' "$tmp/trace"
}
unchanged() { [ -z "$(find "$site/public" -newer "$tmp/mark" -type f)" ]; }

build
cp "$tmp/err" "$tmp/first"
check 'a warning is said' grep -q W-LINK-DRAFT "$tmp/first"
touch "$tmp/mark"
sleep 0.02
build
check 'the second build says the same' cmp -s "$tmp/first" "$tmp/err"
check 'it writes nothing' unchanged
check 'it opens no source' [ "$(opened)" -eq 0 ]
check 'and says the same' cmp -s "$tmp/first" "$tmp/err2"

echo Thêm. >>"$site/content/tin/bai-2.md"
sleep 0.05
opened >"$tmp/count"
check 'after an edit only that source is opened' [ "$(grep -o '[a-z0-9-]*\.md"' \
    "$tmp/trace" | sort -u)" = 'bai-2.md"' ]

echo x >>"$site/public/tin/bai-2/index.html"
build
check 'a published file that another hand changed is made again' \
    bash -c "! grep -q '^x' '$site/public/tin/bai-2/index.html'"
rm "$site/public/tin/bai-3/index.html"
build
check 'one that is missing, too' [ -f "$site/public/tin/bai-3/index.html" ]

sed -i 's/Chữ 2/Chữ 9/' "$site/content/tin/bai-2.md"
build
check 'an edit of the same size is seen' \
    grep -q 'Chữ 9' "$site/public/tin/bai-2/index.html"
# Size and time as before, as cp -p leaves them.
for how in 'cat $tmp/x >$at' 'mv $tmp/x $at'; do
    at=$site/content/tin/bai-2.md letter=$((${letter:-0} + 1))
    sed "s/Chữ ./Chữ $letter/" "$at" >"$tmp/x"
    touch -r "$at" "$tmp/x"
    touch -r "$at" "$tmp/time"
    sleep 0.05
    build
    build
    eval "$how"
    touch -r "$tmp/time" "$at"
    build
    check "an edit that kept size and time: $how" \
        grep -q "Chữ $letter" "$site/public/tin/bai-2/index.html"
done
sed -i 's/Chữ ./Chữ 9/' "$site/content/tin/bai-2.md"
build
# Twice within a tick of the clock of files.
sed -i 's/Chữ 9/Chữ 8/' "$site/content/tin/bai-2.md"
build
sed -i 's/Chữ 8/Chữ 7/' "$site/content/tin/bai-2.md"
build
check 'however soon after the last' \
    grep -q 'Chữ 7' "$site/public/tin/bai-2/index.html"

build
(cd "$site" && "$LOA" build -q -D --clock 2026-11-21T08:00:00+07:00)
check 'another option is another build' [ -f "$site/public/tin/nhap/index.html" ]
build
check 'and back' [ ! -e "$site/public/tin/nhap" ]
rm "$site/content/tin/bai-3.md"
build
check 'a file that is gone' [ ! -e "$site/public/tin/bai-3" ]
LOA_TITLE=Khác build
check 'a setting of the environment' bash -c \
    "grep -q Khác '$site/public/index.html'"

# Time alone.
printf -- '---\ntitle: Mai\ndate: 2026-11-22T08:00:00+07:00\n---\n' \
    >"$site/content/tin/mai.md"
sleep 0.05
build
build
later() {
    (cd "$site" && "$LOA" build -q --clock "$1") >"$tmp/out" 2>"$tmp/err"
}
later 2026-11-22T07:59:59+07:00
check 'a second before its hour a piece is not there' \
    [ ! -e "$site/public/tin/mai" ]
later 2026-11-22T08:00:00+07:00
check 'and then it is' [ -e "$site/public/tin/mai" ]
build
check 'the clock set back' [ ! -e "$site/public/tin/mai" ]

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
