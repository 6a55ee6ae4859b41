#!/usr/bin/env python3
"""Random small sites: whatever they hold, loa neither crashes nor hangs, says 0
or 1, gives the same bytes with one thread and with eight, writes nothing the
second time, leaves the output alone when it says 1, and lists every piece.

  LOA=build/san/loa tests/prop/sites.py [SEED] [SECONDS]

The seed of each site is printed when it fails: `sites.py SEED 0` runs it alone.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

LOA = os.path.realpath(os.environ.get("LOA", "build/san/loa"))
CLOCK = "2026-11-21T08:00:00+07:00"

WORDS = ("Công đoàn lương Lương LƯƠNG lượng tháng Năm họp báo An Bình đối thoại "
         "người lao động 2026 a-b c_d ... &amp; <b> \" ' | # @x %41 %zz").split()
DATES = ["2026-11-21", "2026-11-21 08:00", "2026-11-21T08:00:00+07:00",
         "2026-11-21T01:00:00Z", "2025-3-1", "01/5/2023", "1/5/2023 07:30",
         "2024-02-29", "2023-02-29", "31/04/2024", "hôm nay", "0000-00-00",
         "9999-12-31", "2030-01-01", "1999-12-31T23:59:59.5-11:00",
         "1700000000", "", "20261121", "2026-11", "2026", "null", "[1, 2]",
         "{a: b}", "10/2026", "'2026-11-20'"]
KINDS = ["text", "number", "bool", "date", "datetime", "period", "list", "map",
         "markdown", "url", "email", "phone", "person", "law", "docnum",
         "file", "image"]
SCALARS = ["x", "''", "null", "~", "true", "no", "0", "-1", "1e400", ".nan",
           "99999999999999999999", "[]", "{}", "[a, [b, {c: d}]]", "{a: {b: c}}",
           "[null, true]", "|\n  many\n  lines", "'Lương'", "2026-11-21",
           "../../etc/passwd", "javascript:alert(1)", "https://a.example/x",
           "/tin-tuc/", "\"\\u0000\"", "'a, b'"]
BLOCKS = ["# Đề mục {}", "Đoạn văn **đậm** {}.", "- một\n- hai {}",
          "| a | b |\n|---|---|\n| {} | x |", "> trích {}", "![ảnh {}](pic.png)",
          "![](pic.png)", "[^1]: chú thích {}\n\nXem[^1].", "```\n{}\n```",
          "<script>{}</script>", "<!--more-->", "<!-- {} -->", "***\n{}",
          "[x](javascript:alert(1))", "~~{}~~", "1. {}\n2. hai", "\t{}",
          "https://tin.example/{}", "{{{{ {} }}}} {{% if %}}", "\\{}"]


class Site:
    def __init__(self, seed, root):
        self.r = random.Random(seed)
        self.root = root
        self.pages = []
        self.pieces = []
        self.ids = []

    def put(self, path, data):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full) or ".", exist_ok=True)
        mode = "wb" if isinstance(data, bytes) else "w"
        with open(full, mode, **({} if "b" in mode else {"encoding": "utf-8"})) as f:
            f.write(data)

    def words(self, n=3):
        return " ".join(self.r.choice(WORDS) for _ in range(self.r.randint(1, n)))

    def quoted(self, text):
        return json.dumps(text, ensure_ascii=False)

    def term(self):
        base = self.r.choice(["lương", "Lương", " LƯƠNG ", "Công đoàn", "công  đoàn",
                              "lu\u031bo\u031bng", "bảo hiểm", "2026", "a/b"])
        return self.quoted(base)

    # --- the frame

    def config(self):
        r = self.r
        lines = ["title: Tin thử", "timeZone: Asia/Ho_Chi_Minh"]
        lines.append(r.choice(["baseURL: https://tin.example/",
                               "baseURL: https://a.example/cong/doan/",
                               "baseURL: ''", "BaseURL: http://a.example:81"]))
        if r.random() < .3:
            lines.append("slugify: unicode")
        if r.random() < .3:
            lines.append("permalinks: {tin: '/:year/:month/:slug/'}")
        if r.random() < .3:
            lines.append("archives: %s" % r.choice(["false", "{path: kho}"]))
        if r.random() < .3:
            lines.append("services: {rss: {limit: %d, full: %s}}" %
                         (r.choice([0, 1, 3]), r.choice(["true", "false"])))
        if r.random() < .3:
            lines.append("menus: {main: [{name: A, pageRef: /tin}, "
                         "{name: B, url: /x/, parent: A, weight: 2}]}")
        if r.random() < .2:
            lines.append("cascade: {params: {of: all}}")
        if r.random() < .3:
            lines.append("related: {fields: [tags, unit], limit: %d}" % r.randint(0, 16))
        if r.random() < .3:
            lines.append("checks: {E-LINK: %s, E-REF: warning}" %
                         r.choice(["off", "warning", "note"]))
        if r.random() < .06:
            lines.append("%s: %s" % (r.choice(["params", "menus", "theme", "cascade",
                                               "taxonomies", "permalinks", "checks",
                                               "pagination", "markup", "bogus"]),
                                     r.choice(SCALARS)))
        self.put("loa.yaml", "\n".join(lines) + "\n")

    def layouts(self):
        r = self.r
        self.put("layouts/base.html",
                 "<!doctype html><title>{{ page.title }}</title>"
                 "{% for m in site.menus.main %}<a href=\"{{ m.url }}\">{{ m.name }}</a>"
                 "{% endfor %}{{ content }}\n")
        self.put("layouts/single.html",
                 "---\nlayout: base\n---\n{{ page.content }}{{ page.toc }}"
                 "{% for p in page.related %}{{ p.title }}{% endfor %}"
                 "{{ page.prev.url }} {{ page.next.url }} {{ page.start }}"
                 "{% for t in page.terms.tags %}{{ t.url }}{% endfor %}"
                 "{{ page.params | json }} {{ page.feed_url }}\n")
        selects = ["items: {in: $page, per_page: %d}" % r.randint(1, 5),
                   "months: {in: $page, counts_by: month}"]
        more = ["soon: {type: event, when: upcoming, sort: start, limit: 2}",
                "bodies: {body: true, limit: 2, sort: title}",
                "mine: {where: {unit: $page.id}}",
                "by: {in: $page, group_by: %s, sort: -lastmod}" %
                r.choice(["unit", "tags", "year", "section", "type", "weight"]),
                "tagged: {where: {tags: [lương, x]}, offset: 1}",
                "term: {where: {tags: $term}, lineage: true}"]
        selects += r.sample(more, r.randint(0, len(more)))
        self.put("layouts/list.html", "---\nlayout: base\nselect:\n  " +
                 "\n  ".join(selects) + "\n---\n<h1>{{ page.title }}</h1>"
                 "{% for i in items %}<a href=\"{{ i.url }}\">{{ i.summary }}</a>{% endfor %}"
                 "{% for m in months %}{{ m.label }} {{ m.count }}{% endfor %}"
                 "{% for b in bodies %}{{ b.content }}{% endfor %}"
                 "{% for g in by %}{{ g.key }}{% for i in g.items %}{{ i.id }}{% endfor %}"
                 "{% endfor %}{{ paginator.older_url }} {{ page.count }}\n")
        if r.random() < .7:
            self.put("layouts/unit/single.html",
                     "---\nselect:\n  of: {in: $page, per_page: 2}\n---\n"
                     "{{ page.content }}{% for i in of %}{{ i.title }}{% endfor %}"
                     "{% for f in page.inverse %}{{ f[0] }}{% endfor %}\n")
        if r.random() < .5:
            self.put("layouts/404.html", "{{ page.title }}")

    def types(self):
        r = self.r
        fields = ["  f%d: {kind: %s%s}" % (i, k, r.choice(["", ", many: true"]))
                  for i, k in enumerate(r.sample(KINDS, 5))]
        self.fields = ["f%d" % i for i in range(5)]
        self.put("types/event.yaml", "type: event\nsection: su-kien\n"
                 "calendar: true\ndated: true\nwindow: {start: start, end: end}\n"
                 "card: [start]\nfields:\n  start: {kind: datetime}\n"
                 "  end: {kind: [datetime, period]}\n  place: {kind: [text, map]}\n"
                 "  state: {kind: text}\n  unit: {kind: ref, to: unit, many: true}\n" +
                 "\n".join(fields) + "\n")
        self.put("types/unit.yaml", "type: unit\nsection: don-vi\ntaxonomy: true\n"
                 "calendar: true\ntree: parent\nfields:\n  parent: {kind: ref, to: unit}\n"
                 "  short: {kind: text}\n  predecessors: {kind: ref, to: unit, many: true}\n")

    # --- content

    def front(self, path, kind):
        r = self.r
        lines = []
        if self.goodness == 1 or r.random() < .96:
            lines.append("title: " + self.quoted(self.words()))
        add = lambda p, text: lines.append(text) if r.random() < p else None
        good = r.random() < self.goodness
        dates = DATES[:8] if good else DATES
        for key, p in (("date", 1 if good else .7), ("publishDate", .1), ("expiryDate", .1),
                       ("lastmod", .2), ("updated", .05), ("published", .03)):
            add(p, "%s: %s" % (key, r.choice(dates)))
        add(.1, "draft: %s" % r.choice(["true", "no", "false"]))
        add(.5, "tags: [%s]" % ", ".join(self.term() for _ in range(r.randint(0, 3))))
        add(.1, "weight: %s" % r.choice(["1", "-5", "0"]))
        add(.08, "slug: %s" % self.quoted(self.words(2)))
        add(.04, "aliases: [/cu/%d/, cu%d]" %
            (r.randint(0, 10**6), r.randint(0, 10**6)))
        add(.05, "menus: %s" % r.choice(["main", "[main, phu]", "{main: {weight: 3}}"]))
        add(.05, "build: {list: %s, render: %s}" %
            (r.choice(["always", "never"]), r.choice(["always", "never"])))
        add(.05, "params: {a: 1, b: [x, y]}")
        add(.03, "layout: %s" % r.choice(["single", "other"]))
        add(.03 if kind != "section" else 0, "url: %s" %
            r.choice(["/x/%d/" % r.randint(0, 10**6),
                      "/tep-%d.html" % r.randint(0, 10**6),
                      "/a%d/" % r.randint(0, 10**6) if good else "/"]))
        if kind == "section":
            add(.4, "cascade: %s" % r.choice([
                "{params: {c: d}}", "[{target: {path: '/tin/**'}, tags: [x]}]",
                "{target: {kind: page}, draft: false}", "{expiryDate: 2030-01-01}"]))
        if kind == "event":
            add(.9, "start: %s" % r.choice(dates))
            add(.5, "end: %s" % r.choice(dates))
            add(.3, "place: %s" % r.choice(["Hội trường", "{name: A, address: B}"]))
        if kind in ("event", "unit") and self.ids:
            key = "unit" if kind == "event" else "parent"
            ids = self.ids[:-1] if kind == "unit" and good else self.ids
            add(.6 if ids else 0, "%s: %s" % (key, r.choice(ids or [""])))
        if not good:
            for _ in range(r.randint(1, 3)):
                key = r.choice(["title", "tags", "weight", "slug", "url", "aliases",
                                "cascade", "params", "menus", "id", "type", "layout",
                                "draft", "build", "sitemap", "summary", "image", "unit",
                                "outputs", "headless", "status", "keywords"] + self.fields)
                lines.append("%s: %s" % (key, r.choice(SCALARS)))
        seen, out = set(), []
        for line in lines:
            key = line.split(":")[0]
            if key not in seen or r.random() < .02:
                out.append(line)
            seen.add(key)
        return "---\n" + "\n".join(out) + "\n---\n"

    def link(self):
        r = self.r
        if r.random() < self.goodness:
            target = "/" + r.choice(self.pages or ["index.xml"])
        else:
            target = r.choice(["nothing.md", "../../x.md", "/tin/", "#muc", "a.md#x",
                               "/index.xml", "//evil.example", "", "?q=1", "%2e%2e/x"])
        return "[liên kết](%s)" % target

    def body(self):
        r = self.r
        parts = []
        for _ in range(r.randint(0, 5)):
            block = r.choice(BLOCKS[:5] if r.random() < self.goodness else BLOCKS)
            parts.append(block.format(self.words(6).replace("\n", " ")))
        if r.random() < .4:
            parts.append(self.link())
        return "\n\n".join(parts) + "\n"

    def content(self):
        r = self.r
        n = r.randint(0, 14)
        for i in range(r.randint(0, 4)):
            self.ids.append("dv%d" % i)
            self.page("don-vi/dv%d.md" % i, "unit")
        for folder in ("tin", "tin/con", "su-kien", "don-vi", "tags", "tags/luong", ""):
            if r.random() < .35:
                self.page(os.path.join(folder, "_index.md"), "section")
        for i in range(n):
            folder = r.choice(["tin", "tin/con", "su-kien", "su-kien", "Tin Tức", ""])
            kind = "event" if folder == "su-kien" else "news"
            name = r.choice(["bai-%d" % i, "Bài %d" % i, "2025-03-01-bai-%d" % i])
            if self.goodness < 1 and r.random() < .2:
                name = "bai-%d" % r.randint(0, n)
            if r.random() < .2:
                self.page(os.path.join(folder, name, "index.md"), kind)
                self.put("content/%s/%s/pic.png" % (folder, name), os.urandom(0) + b"\x89PNG")
                if r.random() < .3:
                    self.put("content/%s/%s/note.md" % (folder, name), "ghi chú")
            else:
                self.page(os.path.join(folder, name + ".md"), kind)
        if r.random() < self.badness:
            raw = bytes(r.randrange(256) for _ in range(r.randint(0, 200)))
            self.put("content/tin/raw.md", r.choice([b"", b"---\n", b"\xef\xbb\xbf"]) + raw)
            self.pieces.append("content/tin/raw.md")
        if r.random() < .3:
            self.put("static/css/site.css", "a{}")
        if r.random() < .2:
            self.put("data/a/b.yaml", "c: [1, two]\n")
        if r.random() < .2:
            self.put("i18n/vi.yaml", "hello: chào {name}\n")
        if r.random() < .03:
            self.put("static/tin/index.html", "clash")

    def page(self, path, kind):
        if path in self.pages:
            return
        self.put("content/" + path, self.front(path, kind) + self.body())
        self.pages.append(path)
        if os.path.basename(path) != "_index.md":
            self.pieces.append("content/" + path)

    def make(self):
        self.goodness = self.r.choice([1, 1, 1, .97, .7])
        self.badness = 0 if self.goodness == 1 else .2
        self.config()
        self.types()
        self.layouts()
        self.content()


class Wrong(Exception):
    pass


def run(args, cwd):
    env = dict(os.environ, LOA_LANG="en", LC_ALL="C.UTF-8")
    try:
        p = subprocess.run([LOA] + args, cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                           capture_output=True, timeout=60)
    except subprocess.TimeoutExpired as e:
        raise Wrong("no end: loa " + " ".join(args)) from e
    err = p.stderr.decode("utf-8", "replace")
    if "Sanitizer" in err or "runtime error" in err or p.returncode not in (0, 1):
        raise Wrong("loa %s: exit %d\n%s" % (" ".join(args), p.returncode, err[-3000:]))
    return p.returncode, p.stdout.decode("utf-8", "replace"), err


def tree(path):
    out = {}
    for folder, _, names in os.walk(path):
        for name in names:
            full = os.path.join(folder, name)
            with open(full, "rb") as f:
                out[os.path.relpath(full, path)] = f.read()
    return out


def build(cwd, out, threads):
    return run(["build", "-s", "site", "-d", out, "--clock", CLOCK, "-j", threads,
                "--json"], cwd)


def check(seed, tmp):
    site = Site(seed, os.path.join(tmp, "site"))
    site.make()
    code, said, err = build(tmp, "one", "1")
    code8, _, err8 = build(tmp, "eight", "8")
    if code != code8 or err != err8:
        raise Wrong("-j1 and -j8 say different things:\n%s\n---\n%s" % (err, err8))
    one, eight = tree(os.path.join(tmp, "one")), tree(os.path.join(tmp, "eight"))
    if one != eight:
        differ = [p for p in set(one) | set(eight) if one.get(p) != eight.get(p)]
        raise Wrong("-j1 and -j8 differ: %s" % sorted(differ)[:5])
    if code == 1 and one:
        raise Wrong("exit 1, but the output was written")
    if code == 1 and "error:" not in err:
        raise Wrong("exit 1 without an error")
    if code == 0:
        _, said, _ = build(tmp, "one", "8")
        if json.loads(said)["written"]:
            raise Wrong("the second build wrote something")
        site.put("content/zz-hong.md", "---\ntitle: [\n---\n")
        code_bad, _, _ = build(tmp, "one", "2")
        os.remove(os.path.join(site.root, "content/zz-hong.md"))
        if code_bad != 1:
            raise Wrong("a broken file was not an error")
        if tree(os.path.join(tmp, "one")) != one:
            raise Wrong("exit 1 changed the output")
    listed = run(["list", "all", "--json", "-s", "site", "--clock", CLOCK], tmp)[1]
    if not listed.strip():
        raise Wrong("loa list all --json printed nothing")
    listed = [row["path"] for row in json.loads(listed)]
    if listed or code == 0:  # a mistake in loa.yaml or types leaves none
        missing = set(site.pieces) - set(listed)
        if missing or len(listed) != len(set(listed)):
            raise Wrong("not listed once: %s" % sorted(missing)[:5])
    run(["build", "-s", "site", "-d", "kept", "--clock", CLOCK, "--keep-going",
         "-D", "-F", "-E", "--quiet"], tmp)
    return code


def main():
    first = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().randrange(10**9)
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 35
    print("seed %d" % first)
    start, good, bad, clean, seed = time.time(), 0, 0, 0, first
    while True:
        tmp = tempfile.mkdtemp(prefix="loa-prop-")
        try:
            clean += check(seed, tmp) == 0
            good += 1
        except Wrong as e:
            bad += 1
            print("FAIL  site of seed %d: %s" % (seed, e))
        finally:
            if os.environ.get("KEEP"):
                print("kept: %s" % tmp)
            else:
                shutil.rmtree(tmp)
        seed += 1
        if time.time() - start > seconds or bad >= 5:
            break
    if seconds and good + bad >= 10 and not clean:
        bad += 1
        print("FAIL  not one of these sites could be built")
    print("%d of them were built, the others had errors" % clean)
    print("%d passed, %d failed" % (good, bad))
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
