#!/bin/bash
# tests/faults/run.sh with the whole program: two versions of a site of a few
# hundred pages, the second published over the first while calls fail and the
# process is killed. MAX, KILLS and SEED as there.
set -u
cd "$(dirname "$0")/.." || exit 3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# Not the sanitized one: the leak checker cannot work under strace.
loa=$(realpath "${LOA_RELEASE:-build/loa}")
pieces=${PIECES:-240}

mkdir -p "$tmp/a/content/tin-tuc" "$tmp/a/layouts" "$tmp/a/static"
cat >"$tmp/a/loa.yaml" <<'Y'
baseURL: https://tin.example/
title: Tin
languageCode: vi
timeZone: Asia/Ho_Chi_Minh
Y
echo '<h1>{{ page.title }}</h1>{{ page.content }}' >"$tmp/a/layouts/single.html"
cat >"$tmp/a/layouts/list.html" <<'L'
---
select:
  items: {in: $page, sort: -date, per_page: 20}
---
{% for p in items %}<a href="{{ p.url }}">{{ p.title }}</a>
{% endfor %}
L
for ((i = 1; i <= pieces; i++)); do
    printf -- '---\ntitle: Bài %d\ndate: 2025-%02d-%02d\ntags: [Lương]\n---\nBài.\n' \
        $i $((i % 12 + 1)) $((i % 28 + 1)) >"$tmp/a/content/tin-tuc/bai-$i.md"
done
echo 'body{}' >"$tmp/a/static/a.css"
cp -r "$tmp/a" "$tmp/b"
# Every other piece is written anew, so that the commit is a good part of it.
rm "$tmp/b/content/tin-tuc/bai-3.md" "$tmp/b/static/a.css"
sed -i 's/^Bài\./Bài đã sửa./' "$tmp/b/content/tin-tuc/"bai-*[02468].md
cp "$tmp/b/content/tin-tuc/bai-9.md" "$tmp/b/content/tin-tuc/bai-moi.md"
echo 'p{}' >"$tmp/b/static/b.css"

export SITE_A=$tmp/a SITE_B=$tmp/b MAX=${MAX:-10} KILLS=${KILLS:-300}
bash tests/faults/run.sh "$loa build --quiet -s SRC -d OUT -j 2 \
    --clock 2026-11-21T08:00:00+07:00"
