#!/bin/bash
# The preview server: what it shows, and every way out of the folder tried.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
loa=$(realpath "${LOA:-build/san/loa}")
tmp=$(mktemp -d)
pid=
stop() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$tmp"
}
trap stop EXIT
port=$((20000 + RANDOM % 20000))
at=http://127.0.0.1:$port

mkdir -p "$tmp/site/content" "$tmp/site/layouts"
cd "$tmp/site" || exit 3
cat >loa.yaml <<'Y'
baseURL: https://tin.example/
title: Tin
languageCode: vi
timeZone: Asia/Ho_Chi_Minh
Y
echo '<h1>{{ page.title }}</h1>{{ page.content }}' >layouts/single.html
echo '<h1>{{ page.title }}</h1>' >layouts/list.html
echo 'nothing here' >layouts/404.html
printf -- '---\ntitle: Bài một\n---\nVăn bản.\n' >content/mot.md
echo 'secret' >bi-mat.txt

"$loa" serve --port $port >"$tmp/out" 2>"$tmp/err" &
pid=$!
for _ in $(seq 1 100); do
    curl -s -o /dev/null "$at/" && break
    sleep 0.1
done

code() { curl -s -o "$tmp/body" -w '%{http_code}' --max-time 10 "$@"; }
gives() { # WANT CURL-ARGUMENT...
    local want=$1 got
    shift
    got=$(code "$@")
    [[ $got =~ ^($want)$ ]] && return
    echo "gave $got, not $want"
    cat "$tmp/err"
    return 1
}
holds() { gives 200 "$1" && grep -q "$2" "$tmp/body"; }
no_secret() {
    rm -f "$tmp/body"
    [[ $(code --path-as-is "$1") =~ ^[2-5] ]] || return 1
    ! grep -qs 'secret\|root:' "$tmp/body"
}

check 'the home page' holds "$at/" '<h1>Tin'
check 'a piece' holds "$at/mot/" 'Bài một'
check 'a missing page' gives 404 "$at/khong-co/"
check 'a folder without slash' gives '200|301|302|308' "$at/mot"
check 'a foreign Host' gives 403 -H 'Host: evil.example' "$at/"
check 'a Host with another port' gives 403 -H 'Host: 127.0.0.1:80' "$at/"
check 'localhost as Host' gives 200 -H "Host: localhost:$port" "$at/"
check 'POST' gives '405|501|400' -X POST -d x "$at/"
check 'HEAD' gives 200 -I "$at/"
ln -s ../bi-mat.txt public/duong-tat.txt
for path in '/../bi-mat.txt' '/%2e%2e/bi-mat.txt' '/%2e%2e%2fbi-mat.txt' \
    '/mot/../../bi-mat.txt' '/..%5cbi-mat.txt' '/%252e%252e/bi-mat.txt' \
    '//etc/passwd' '/%00' '/mot/%00/../../bi-mat.txt' '/duong-tat.txt' \
    '/../.public.loa/manifest' '/%'; do
    check "no way out: $path" no_secret "$at$path"
done
check 'still alive after that' holds "$at/" '<h1>Tin'
listening=$(ss -Hltn "sport = :$port" 2>/dev/null | awk '{ print $4 }')
if [ -n "$listening" ]; then
    check 'loopback only' [ -z "$(grep -v '^127\.\|^\[::1\]' <<<"$listening")" ]
fi
kill "$pid" 2>/dev/null
rc=0
wait "$pid" || rc=$?
pid=
check "ends when asked ($rc)" [ "$rc" -eq 0 -o "$rc" -eq 143 ]
check 'says nothing of its own' [ ! -s "$tmp/err" ]
finish
