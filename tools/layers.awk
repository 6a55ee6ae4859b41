# Who may include whom: the table of docs/architecture.md. Run by `make lint`:
#   awk -f tools/layers.awk src/*.[ch] src/*/*.[ch]
#
# A folder may include itself and the folders before it in `order`; write/
# and cache/ only base/. A library has one owner. src/main.c and src/build.c
# stand above all.
BEGIN {
    n = split("base read cache parse model plan render write report cmd top",
              order, " ")
    for (i = 1; i <= n; i++)
        rank[order[i]] = i
    only["write"] = only["cache"] = only["read"] = "base"

    owner["yaml.h"] = "^src/parse/yaml\\.c$"
    owner["cmark.h"] = "^src/render/(markdown\\.c|md[a-z_]*\\.[ch])$"
    owner["utf8proc.h"] = "^src/base/text\\.c$"
    owner["unicode/"] = "^src/model/collate\\.c$"
    owner["jansson.h"] = "^src/base/json\\.c$"
    owner["xxhash.h"] = "^src/base/hash\\.c$"
    owner["pthread.h"] = "^src/(base/aside|base/pool|cache/spool)\\.c$"
    owner["lmdb.h"] = "^src/cache/cache\\.c$"
    owner["microhttpd.h"] = "^src/cmd/serve\\.c$"
    owner["sys/socket.h"] = "^src/cmd/serve\\.c$"
    owner["locale.h"] = "^src/base/diag\\.c$"
    owner["libintl.h"] = "^src/base/diag\\.[ch]$"
}

FNR == 1 {
    split(FILENAME, part, "/")
    from = part[3] == "" ? "top" : part[2]
    if (!(from in rank))
        complain(from "/ is not a folder of the table")
}

/^#[ \t]*include[ \t]+</ {
    name = $0
    sub(/^[^<]*</, "", name)
    sub(/>.*/, "", name)
    for (lib in owner) {
        if (index(name, lib) == 1 && FILENAME !~ owner[lib])
            complain("<" name "> belongs to " plain(owner[lib]))
    }
}

/^#[ \t]*include[ \t]+"/ {
    name = $0
    sub(/^[^"]*"/, "", name)
    sub(/".*/, "", name)
    to = name
    if (!sub(/\/.*/, "", to))
        to = "top"
    if (!(to in rank)) {
        complain("\"" name "\": no such folder in the table")
        next
    }
    if (to == from || from == "cmd") # a command may use everything
        next
    if (rank[to] > rank[from] || (from in only && to != only[from]))
        complain(from "/ may not include " name)
}

function plain(re) {
    gsub(/[\\^$]/, "", re)
    return re
}

function complain(msg) {
    print FILENAME ":" FNR ": " msg
    bad = 1
}

END { exit bad }
