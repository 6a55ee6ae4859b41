#!/bin/bash
# The second site: the union of a school, below /congdoan/ of the school's own
# portal, from the theme of the provincial portal by configuration alone. Built
# and looked at from outside: nothing points out of /congdoan/, everything that
# is pointed to is there, and served below that path it works.
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
export LOA_LANG=en LC_ALL=C.UTF-8
clock=2026-11-21T08:00:00+07:00
base=https://truong.edu.vn/congdoan/
tools=$PWD/tests/tools
port=$((20000 + RANDOM % 20000))

# A site lies beneath its folder with all it needs: the theme is laid there.
mkdir "$tmp/site" && cp -r tests/school/. "$tmp/site/" && rm "$tmp/site/run.sh"
mkdir "$tmp/site/themes" && cp -r themes/congdoan "$tmp/site/themes/"
out=$tmp/site/public

silent() {
    local said rc=0
    said=$(cd "$tmp/site" && timeout 300 "$loa" build --quiet --clock $clock 2>&1) || rc=$?
    [ -z "$said" ] || printf '%s\n' "$said"
    [ "$rc" -eq 0 ] && [ -z "$said" ]
}

no_layouts() { ! find tests/school -path '*/layouts*' -o -path '*/types*' | grep .; }

# Words of the province that would have been left in the theme.
own_words() {
    ! grep -rlE 'congdoan\.anbinh\.example|LĐLĐ tỉnh An Bình không có thật' "$out" &&
        ! grep -rlF -e 'An Bình' -e 'an-binh' -e 'anbinh' themes/congdoan/layouts \
            themes/congdoan/i18n themes/congdoan/types themes/congdoan/static
}

# Every address of the own host and every one from the root is below the base.
below() {
    local bad
    bad=$(grep -rnoE "(href|src|poster|action)=\"/[^\"]*\"" "$out" --include='*.html' |
        grep -vE '="/congdoan/' | head -5)
    bad=$bad$(grep -rnoE 'https://truong\.edu\.vn/[^"<& ]*' "$out" \
        --include='*.html' --include='*.xml' --include='*.json' \
        --include='*.ics' --include='*.txt' |
        grep -vE 'truong\.edu\.vn/congdoan/' | head -5)
    [ -z "$bad" ] || { printf '%s\n' "$bad"; return 1; }
}

feeds_below() { # every entry of every feed
    local count=0 file line
    while IFS= read -r file; do
        while IFS= read -r line; do
            count=$((count + 1))
            case $line in
            "$base"*) ;;
            *) echo "$file: $line" && return 1 ;;
            esac
        done < <(case $file in
            *.json) grep -oE '"(url|home_page_url|feed_url)": ?"[^"]*"' "$file" |
                sed 's/.*: *"//; s/"$//; s/\\//g' ;;
            *atom.xml) grep -oE '<(link|id)[^>]*href="[^"]*"' "$file" |
                sed 's/.*href="//; s/"$//' ;;
            *) grep -oE '<(link|loc)>[^<]*' "$file" | sed 's/.*>//' ;;
            esac)
    done < <(find "$out" -name '*.xml' -o -name 'feed.json')
    [ "$count" -gt 300 ] || { echo "only $count addresses"; return 1; }
}

jsonld_below() {
    local all
    all=$(grep -rhoE '"(url|@id|item|mainEntityOfPage|logo|image)":"https?:[^"]*"' \
        "$out" --include='*.html' | sed 's/.*:"http/http/; s/"$//; s/\\//g' | sort -u)
    [ "$(wc -l <<<"$all")" -gt 50 ] || { echo "too few: $all"; return 1; }
    ! grep -v "^$base" <<<"$all" | grep '^https://truong\.edu\.vn'
}

# All that `loa config` says a server should answer is below the base, too.
server_below() {
    (cd "$tmp/site" && "$loa" config nginx --clock $clock >"$tmp/nginx.conf") || return 1
    ! grep -oE '^ *location [^{]*' "$tmp/nginx.conf" |
        grep -vE '/congdoan|@|\^/congdoan|\\.' | grep -vE 'location (= )?/ *$'
}

# sector and territory: both lines of parents are on the page, and section
# unions below the school's.
lines_of_parents() {
    local page=$out/don-vi/cd-truong/index.html
    grep -q 'href="/congdoan/don-vi/ldld-tinh/"' "$page" &&
        grep -q 'href="/congdoan/don-vi/cd-giao-duc-viet-nam/"' "$page" &&
        grep -q 'href="/congdoan/don-vi/cdbp-toan-tin/"' "$page" &&
        grep -q 'href="/congdoan/don-vi/cd-truong/"' \
            "$out/don-vi/cd-giao-duc-viet-nam/index.html"
}

# 04/HD-CDN and 04/HD-CĐN are one document.
folded() {
    for page in van-ban/ke-hoach-truyen-thong tin-tuc/so-ket-truyen-thong; do
        sed -n '/class="body"/,/<\/div>/p' "$out/$page/index.html" |
            grep -q 'href="/congdoan/van-ban/huong-dan-04/"[^>]*>[^<]*04/HD-C' ||
            { echo "$page has no link"; return 1; }
    done
}

# Every piece of a campaign stands in its diary, with a unit or without.
in_diary() {
    local diary
    diary=$(sed -n '/id="_nhat-ky"/,/<\/section>/p' \
        "$out/chien-dich/nha-giao-viet-nam-2026/index.html")
    for piece in su-kien/le-20-11 hoi-dap/gio-nghi-khi-nuoi-con-nho; do
        grep -q "href=\"/congdoan/$piece/\"" <<<"$diary" ||
            { echo "$piece is not there"; return 1; }
    done
}

by_configuration() {
    grep -q 'data-palette="red"' "$out/index.html" &&
        grep -q 'href="/congdoan/img/truong.svg"' "$out/index.html" &&
        grep -q 'Gương sáng nhà giáo</h2>' "$out/index.html" &&
        grep -q 'Công đoàn trường</h3>' "$out/index.html" &&
        grep -q 'Công đoàn bộ phận</h3>' "$out/index.html"
}

pages_valid() {
    java -Xss2m -jar tests/node_modules/vnu-jar/build/dist/vnu.jar \
        --errors-only --skip-non-html "$out"
}

each() { # PATTERN COMMAND...
    local pattern=$1 files=()
    shift
    mapfile -d '' files < <(find "$out" -name "$pattern" -print0 | sort -z)
    [ ${#files[@]} -gt 0 ] && "$@" "${files[@]}"
}

# Every page, feed and file of the site over HTTP, below the path.
crawl() { # PORT
    local file url code n=0
    while IFS= read -r file; do
        url=/congdoan/${file#"$out"/}
        url=${url%index.html}
        code=$(curl -s -o "$tmp/body" -w '%{http_code}' --max-time 10 \
            -H 'Host: truong.edu.vn' "http://127.0.0.1:$1$url")
        [ "$code" = 200 ] && cmp -s "$tmp/body" "$file" ||
            { echo "$url gave $code"; return 1; }
        n=$((n + 1))
    done < <(find "$out" -type f ! -name 404.html ! -name '.*' |
        grep -E '\.(html|xml|json|css|ics|svg|pdf|vtt)$' | sort)
    [ "$n" -gt 100 ] || { echo "only $n files"; return 1; }
    code=$(curl -s -o /dev/null -w '%{http_code}' -H 'Host: truong.edu.vn' \
        "http://127.0.0.1:$1/congdoan/khong-co/")
    [ "$code" = 404 ] || { echo "a missing page gave $code"; return 1; }
}

alive() {
    for _ in $(seq 1 100); do
        curl -s -o /dev/null "http://127.0.0.1:$1/" && return
        sleep 0.1
    done
    cat "$tmp"/*.log
    return 1
}

check 'no layout and no type of its own' no_layouts
check 'it builds without a word' silent
check 'nothing of the province is left in the theme' own_words
check 'name, colours, emblem and words by configuration' by_configuration
check 'a school has two lines of parents, and section unions' lines_of_parents
check 'the diary of a campaign has all its pieces' in_diary
check 'numbers with D and Đ lead to one document' folded
check 'every address of the pages is below /congdoan/' below
check 'every address of the feeds and sitemaps is' feeds_below
check 'every address of the structured data is' jsonld_below
check 'every rule for nginx is' server_below
check 'every internal link leads to a file' node "$tools/linkcheck.mjs" "$out" $base
check 'every page is valid HTML' pages_valid
check 'RSS is understood by a feed parser' each index.xml node "$tools/feed_check.mjs"
check 'Atom, too' each atom.xml node "$tools/feed_check.mjs"
check 'and JSON Feed' each feed.json node "$tools/feed_check.mjs"
check 'the sitemap names pages of the site' node "$tools/sitemap_check.mjs" \
    "$out" $base $clock
check 'calendars are strict' each '*.ics' node "$tools/ics_lint.mjs"
check 'structured data is complete' node "$tools/jsonld_check.mjs" "$out" \
    NewsArticle Event Organization Person BreadcrumbList FAQPage ClaimReview

if command -v nginx >/dev/null; then
    cat >"$tmp/top.conf" <<N
daemon off; master_process off; worker_processes 1; pid $tmp/pid;
error_log $tmp/error.log; user root;
events {}
http { access_log off; client_body_temp_path $tmp/b; proxy_temp_path $tmp/p;
  fastcgi_temp_path $tmp/f; uwsgi_temp_path $tmp/u; scgi_temp_path $tmp/s;
  include $tmp/nginx.conf; }
N
    (cd "$tmp/site" && "$loa" config nginx --clock $clock --listen "127.0.0.1:$port" \
        >"$tmp/nginx.conf") 2>"$tmp/config.log"
    nginx -c "$tmp/top.conf" >"$tmp/nginx.log" 2>&1 &
    pids="$pids $!"
    check 'nginx starts' alive $port
    check 'nginx serves every file below /congdoan/' crawl $port
fi
finish
