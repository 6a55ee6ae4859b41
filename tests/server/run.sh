#!/bin/bash
# The configuration that `loa config` prints, put to work: two sites in one real
# nginx (one at the root, one below /congdoan), every rule asked for with curl.
# Caddy is asked the same when it is there.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
PATH=$PATH:/usr/sbin:/sbin
loa=$(realpath "${LOA:-build/san/loa}")
tmp=$(mktemp -d)
chmod 755 "$tmp"
pids=
stop() {
    for pid in $pids; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$tmp"
}
trap stop EXIT
port=$((20000 + RANDOM % 20000))
base_port=$((port + 1)) caddy_port=$((port + 2)) caddy_base_port=$((port + 3))
export LOA_LANG=en
clock=2026-11-21T08:00:00+07:00

# --- a site with something for each rule

site() { # NAME BASEURL
    mkdir -p "$tmp/$1" && cd "$tmp/$1" || exit 3
    mkdir -p content/tin-tuc content/su-kien layouts static/{css,img,js,tep} \
        types
    cat >loa.yaml <<Y
baseURL: $2
title: Tin
locale: vi
timeZone: Asia/Ho_Chi_Minh
params: {video_providers: [youtube, "https://video.example"]}
languages:
  vi: {label: Tiếng Việt}
  en: {label: English}
Y
    echo 'Home.' >content/_index.en.md
    cat >types/_shared.yaml <<'Y'
fields:
  legacy: {kind: map, fields: {urls: {kind: url, many: true}}}
Y
    cat >types/event.yaml <<'Y'
type: event
section: su-kien
calendar: true
dated: true
window: {start: start, end: end}
fields:
  start: {kind: datetime, required: true}
  end: {kind: datetime}
Y
    echo '<!DOCTYPE html><title>{{ page.title }}</title>{{ page.content }}' \
        | tee layouts/single.html layouts/list.html >/dev/null
    echo '<!DOCTYPE html><title>404</title>{{ lang }} khong co trang nay' >layouts/404.html
    cat >content/tin-tuc/moi.md <<'M'
---
title: Bài mới
date: 2026-11-20
aliases: [/tin-cu/bai-cu/]
legacy:
  urls:
    - /Default.aspx?tabid=12&id=345
    - /xem.php?v=aBc
    - https://cu.example/tin/Bai-Cu-345.html
    - /tin-tuc/MOI.html
    - /Tin-Tuc/Moi/
    - /mot-duong-dan-cu-rat-dai/cua-trang-thong-tin-truoc-day/co-ten-dai-hon-mot-ngan-cua-nginx-12345678901234567890.html
---
Chữ.
M
    cat >content/tin-tuc/hai.md <<'M'
---
title: Bài hai
date: 2026-11-19
legacy: {urls: ["/xem.php?v=AbC"]}
---
Chữ.
M
    printf -- '---\ntitle: Họp\ndate: 2026-11-19\nstart: 2026-12-01 08:00\n---\nChữ.\n' \
        >content/su-kien/hop.md
    printf '%s\t%s\t2026-11-01\n' page/hai /da-chuyen/ page/hai /tin-tuc/hai/ \
        page/go /da-go/ page/go '/da-go.aspx?id=9' >urls.tsv
    echo 'b {}' | tee static/css/site.css \
        static/css/site.0123456789abcdef0123.css >/dev/null
    echo '/**/' >static/js/x.js
    echo '{}' >static/tep/a.json
    echo 'x' | tee static/img/hop-20261121.jpg static/tep/a.pdf \
        static/tep/a.docx static/tep/a.woff2 >/dev/null
    "$loa" build -q --clock $clock || exit 3
    echo secret >public/.htpasswd
    mkdir -p public/.git public/trong && echo secret >public/.git/config
    cd - >/dev/null || exit 3
}
site root https://tin.example/
site base https://truong.example/congdoan/
# Pages that lead on lie where the old addresses point; the server comes first.
check 'an alias has a page, too' [ -f "$tmp/root/public/tin-cu/bai-cu/index.html" ]

# --- asking

at= # set below: http://127.0.0.1:PORT and the base path
host=
get() { # PATH [CURL-ARGUMENT...]: headers to head, text to body
    local path=$1
    shift
    curl -s -g --path-as-is --max-time 10 -D "$tmp/head" -o "$tmp/body" \
        "$@" "$host$path"
    tr -d '\r' <"$tmp/head" >"$tmp/head.lf"
}
says() { # LINE: the head has it, without regard to case
    grep -qiFx -- "$1" "$tmp/head.lf" && return
    echo "not said: $1"
    cat "$tmp/head.lf"
    return 1
}
gives() { # CODE PATH [HEADER...]
    local code=$1 path=$2 got
    shift 2
    get "$at$path"
    got=$(sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p' "$tmp/head.lf")
    [ "$got" = "$code" ] || { echo "$at$path gave $got, not $code"; return 1; }
    for line; do says "$line" || return 1; done
}
from_top() { # as gives, for a path from the root of the host
    local keep=$at rc=0
    at=
    gives "$@" || rc=1
    at=$keep
    return $rc
}
guarded() { # PATH: every security header, once
    get "$at$1"
    local name
    for name in Content-Security-Policy X-Content-Type-Options Referrer-Policy \
        Permissions-Policy Cross-Origin-Opener-Policy Cache-Control; do
        [ "$(grep -ci "^$name: ." "$tmp/head.lf")" = 1 ] ||
            { echo "$name of $1"; cat "$tmp/head.lf"; return 1; }
    done
}
policy() {
    get "$at/"
    says "Content-Security-Policy: default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; media-src 'self'; connect-src 'self'; script-src 'self'; frame-src https://www.youtube-nocookie.com https://video.example; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}
no_secret() {
    get "$1"
    ! grep -q secret "$tmp/body"
}
same_again() { # a page not changed is not sent again
    get "$at/"
    local tag
    tag=$(sed -n 's/^etag: //Ip' "$tmp/head.lf")
    [ -n "$tag" ] || return 1
    get "$at/" -H "If-None-Match: $tag"
    grep -q '^HTTP/[0-9.]* 304' "$tmp/head.lf"
}
squeezed() {
    get "$at/sitemap.xml" -H 'Accept-Encoding: gzip'
    local n
    n=$(wc -c <"$tmp/body")
    [ "$n" -gt 0 ] && { [ "$n" -lt 1024 ] || says 'Content-Encoding: gzip'; }
}
alive() { # PORT
    for _ in $(seq 1 100); do
        curl -s -o /dev/null "http://127.0.0.1:$1/" && return
        sleep 0.1
    done
    cat "$tmp"/*.log
    return 1
}

day='Cache-Control: public, max-age=86400'
year='Cache-Control: public, max-age=31536000, immutable'

rules() { # NAME: what both servers do at $host$at
    local n=$1 type
    check "$n: the home page" gives 200 / \
        'Content-Type: text/html; charset=utf-8' 'Cache-Control: no-cache'
    check "$n: a piece" gives 200 /tin-tuc/moi/ 'Cache-Control: no-cache'
    check "$n: not changed" same_again
    check "$n: a folder without slash" gives "$2" /tin-tuc/moi \
        "Location: $at/tin-tuc/moi/"
    check "$n: calendar" gives 200 /su-kien/hop/lich.ics \
        'Content-Type: text/calendar; charset=utf-8'
    check "$n: RSS" gives 200 /index.xml \
        'Content-Type: application/rss+xml; charset=utf-8' \
        'Cache-Control: no-cache'
    check "$n: RSS of a section" gives 200 /tin-tuc/index.xml \
        'Content-Type: application/rss+xml; charset=utf-8'
    check "$n: Atom" gives 200 /atom.xml \
        'Content-Type: application/atom+xml; charset=utf-8'
    check "$n: JSON Feed" gives 200 /feed.json \
        'Content-Type: application/feed+json; charset=utf-8'
    check "$n: sitemap" gives 200 /sitemap.xml \
        'Content-Type: application/xml; charset=utf-8'
    for type in pdf:application/pdf woff2:font/woff2 \
        'json:application/json; charset=utf-8' \
        docx:application/vnd.openxmlformats-officedocument.wordprocessingml.document; do
        check "$n: .${type%%:*}" gives 200 "/tep/a.${type%%:*}" \
            "Content-Type: ${type#*:}"
    done
    check "$n: style, a day" gives 200 /css/site.css "$day" \
        'Content-Type: text/css; charset=utf-8'
    check "$n: fingerprinted style, for good" gives 200 \
        /css/site.0123456789abcdef0123.css "$year"
    check "$n: a date in a name is no fingerprint" gives 200 \
        /img/hop-20261121.jpg "$day" 'Content-Type: image/jpeg'
    check "$n: policy" policy
    for path in / /index.xml /css/site.css /khong-co/ /su-kien/hop/lich.ics; do
        check "$n: headers of $path" guarded "$path"
    done
    check "$n: 404" gives 404 /khong-co/ 'Cache-Control: no-cache' \
        'Content-Type: text/html; charset=utf-8'
    check "$n: the site's own 404 page" grep -q 'khong co trang nay' "$tmp/body"
    check "$n: in the default language" grep -q 'vi khong co' "$tmp/body"
    check "$n: 404 in another language" gives 404 /en/khong-co/x \
        'Cache-Control: no-cache' 'Content-Type: text/html; charset=utf-8'
    check "$n: in that language" grep -q 'en khong co' "$tmp/body"
    check "$n: 404 beside it" gives 404 /english/khong-co/
    check "$n: in the default language" grep -q 'vi khong co' "$tmp/body"
    check "$n: 404 below css" gives 404 /css/khong-co.css \
        'Cache-Control: no-cache'
    check "$n: a folder is not listed" gives 404 /trong/
    for path in /.htpasswd /.git/config /.git/ /tin-tuc/.a /%2ehtpasswd; do
        check "$n: dot file $path" gives 404 "$path"
        check "$n: no secret at $path" no_secret "$at$path"
    done
    check "$n: no way out" no_secret "$at/../.htpasswd"
    check "$n: alias" gives 301 /tin-cu/bai-cu/ "Location: $at/tin-tuc/moi/"
    check "$n: alias without slash" gives 301 /tin-cu/bai-cu \
        "Location: $at/tin-tuc/moi/"
    check "$n: old address with a query" from_top 301 \
        '/Default.aspx?tabid=12&id=345' "Location: $at/tin-tuc/moi/"
    check "$n: the same shared on Facebook" from_top 301 \
        '/Default.aspx?tabid=12&id=345&fbclid=IwAR0' \
        "Location: $at/tin-tuc/moi/"
    check "$n: another query" from_top 404 '/Default.aspx?tabid=12&id=346'
    check "$n: queries that differ by case" from_top 301 '/xem.php?v=aBc' \
        "Location: $at/tin-tuc/moi/"
    check "$n: the other one" from_top 301 '/xem.php?v=AbC' \
        "Location: $at/tin-tuc/hai/"
    check "$n: old address of another host" from_top 301 \
        /tin/Bai-Cu-345.html "Location: $at/tin-tuc/moi/"
    check "$n: any query behind it" from_top 301 \
        '/tin/Bai-Cu-345.html?utm_source=zalo' "Location: $at/tin-tuc/moi/"
    check "$n: a long one" from_top 301 \
        /mot-duong-dan-cu-rat-dai/cua-trang-thong-tin-truoc-day/co-ten-dai-hon-mot-ngan-cua-nginx-12345678901234567890.html \
        "Location: $at/tin-tuc/moi/"
    check "$n: like a page but for case" from_top 301 /Tin-Tuc/Moi/ \
        "Location: $at/tin-tuc/moi/"
    check "$n: and no circle" gives 200 /tin-tuc/moi/
    check "$n: moved" gives 301 /da-chuyen/ "Location: $at/tin-tuc/hai/"
    check "$n: moved, and there it is" gives 200 /tin-tuc/hai/
    check "$n: gone" gives 410 /da-go/ 'Cache-Control: no-cache'
    check "$n: gone, said by the site's page" grep -q 'khong co trang nay' \
        "$tmp/body"
    check "$n: gone with a query" gives 410 '/da-go.aspx?id=9'
    check "$n: not gone with another" gives 404 '/da-go.aspx?id=8'
}

# --- nginx

config() { # SERVER SITE PORT
    "$loa" config "$1" --source "$tmp/$2" --clock $clock \
        --listen "127.0.0.1:$3"
}
"$loa" config nginx --source "$tmp/root" --clock $clock >"$tmp/plain.conf" \
    2>"$tmp/err"
check 'says nothing else' [ ! -s "$tmp/err" ]
check 'server_name' grep -q 'server_name tin.example;' "$tmp/plain.conf"
check 'the old host leads on' grep -q 'server_name cu.example;' "$tmp/plain.conf"
"$loa" config nginx --source "$tmp/root" --clock $clock >"$tmp/again.conf"
check 'the same every time' cmp "$tmp/plain.conf" "$tmp/again.conf"
check '--root' sh -c "'$loa' config nginx --source '$tmp/root' --clock $clock \
    --root /srv/www/tin | grep -q 'root \"/srv/www/tin\";'"

if command -v nginx >/dev/null; then
    config nginx root $port >"$tmp/root.conf"
    config nginx base $base_port >"$tmp/base.conf"
    user=
    [ "$(id -u)" != 0 ] || user='user root;'
    cat >"$tmp/nginx.conf" <<C
$user
worker_processes 1;
pid $tmp/nginx.pid;
error_log $tmp/nginx.log;
daemon off;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $tmp/t1;
    proxy_temp_path $tmp/t2;
    fastcgi_temp_path $tmp/t3;
    uwsgi_temp_path $tmp/t4;
    scgi_temp_path $tmp/t5;
    include $tmp/root.conf;
    include $tmp/base.conf;
}
C
    check 'nginx -t' nginx -t -q -e "$tmp/nginx.log" -c "$tmp/nginx.conf"
    nginx -e "$tmp/nginx.log" -c "$tmp/nginx.conf" 2>"$tmp/nginx2.log" &
    pids="$pids $!"
    check 'nginx runs' alive $port
    host=http://127.0.0.1:$port at=
    rules nginx 301
    check 'nginx: POST' sh -c "curl -s -o /dev/null -w '%{http_code}' \
        -d x $host/ | grep -qx 405"
    get / -H 'Host: cu.example'
    check 'nginx: the old host, elsewhere' says 'Location: https://tin.example/'
    get /tin/bai-cu-345.html -H 'Host: cu.example'
    check 'nginx: the old host, a piece, without regard to case' \
        says 'Location: https://tin.example/tin-tuc/moi/'
    check 'nginx: gzip' squeezed
    host=http://127.0.0.1:$base_port at=/congdoan
    rules 'nginx below /congdoan' 301
    check 'nginx: the base path without slash' from_top 301 /congdoan \
        'Location: /congdoan/'
    check 'nginx: nothing beside the base path' from_top 404 /su-kien/hop/
    check 'nginx: no warnings' [ ! -s "$tmp/nginx2.log" ]

    # Very many old addresses: nginx wants larger tables, and gets them.
    awk 'BEGIN { for (i = 0; i < 3000; i++)
        printf "page/hai\t/mot-duong-dan-cu-rat-dai/cua-trang-truoc-day/bai-so-%d.aspx?id=%d\t2026\n", i, i
    }' >>"$tmp/root/urls.tsv"
    config nginx root $port >"$tmp/root.conf"
    check 'the tables are larger' grep -q '^map_hash_bucket_size 256;' \
        "$tmp/root.conf"
    said=$(nginx -t -q -e "$tmp/nginx3.log" -c "$tmp/nginx.conf" 2>&1)
    check "nginx -t of many says nothing ($said)" [ -z "$said" ]
else
    echo 'nginx is not there: its rules were not tried'
fi

# --- caddy

check 'caddy is printed' sh -c "'$loa' config caddy --source '$tmp/root' \
    --clock $clock | grep -q '^https://tin.example {'"
if command -v caddy >/dev/null; then
    {
        printf '{\n\tadmin off\n\tauto_https off\n}\n'
        config caddy root $caddy_port | sed 's/^cu.example {/http:\/\/cu.example:'$caddy_port' {/'
        config caddy base $caddy_base_port | sed '/^cu.example {/,$d'
    } >"$tmp/Caddyfile"
    export HOME=$tmp XDG_DATA_HOME=$tmp XDG_CONFIG_HOME=$tmp
    check 'caddy validate' caddy validate --adapter caddyfile \
        --config "$tmp/Caddyfile"
    caddy run --adapter caddyfile --config "$tmp/Caddyfile" \
        >"$tmp/caddy.log" 2>&1 &
    pids="$pids $!"
    check 'caddy runs' alive $caddy_port
    host=http://127.0.0.1:$caddy_port at=
    rules caddy 308
    host=http://127.0.0.1:$caddy_base_port at=/congdoan
    rules 'caddy below /congdoan' 308
fi
finish
