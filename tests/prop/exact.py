#!/usr/bin/env python3
"""What an edit makes anew: all that shows what was edited, and nothing else.

  LOA=build/loa tests/prop/exact.py

The site is the demo portal and some more (mutate.py). Each case is one edit of the
built site; "written" is which files of the output have other times afterwards, "made"
how many outputs the program had to make to know that.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import mutate  # noqa: E402

LOA = os.path.realpath(os.environ.get("LOA", "build/loa"))
PIECE = "content/tin-tuc/doi-thoai-khu-cong-nghiep.md"
PIECE_URL = "/tin-tuc/doi-thoai-khu-cong-nghiep/"
PLAIN = "content/tin-tuc/khong-sapo.md"
failed = passed = 0


class Site:
    def __init__(self, config=""):
        self.root = tempfile.mkdtemp(prefix="loa-exact-")
        self.state = mutate.base_site(False)
        if config:
            key = config.split(":")[0]
            self.state.put("loa.yaml",
                           mutate.put_key(self.state.text("loa.yaml"), key, config))
        for path in self.state.files:
            self.write(path)
        self.build()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root)

    def write(self, path):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(self.state.files[path])

    def build(self):
        time.sleep(.03)
        env = dict(os.environ, LOA_LANG="en", LC_ALL="C.UTF-8")
        p = subprocess.run([LOA, "build", "--json", "--clock", mutate.START],
                           cwd=self.root, env=env, capture_output=True)
        if p.returncode:
            sys.exit("exit %d: %s" % (p.returncode, p.stderr.decode()))
        return json.loads(p.stdout)

    def tree(self):
        out, top = {}, os.path.join(self.root, "public")
        for at, _, names in os.walk(top):
            for name in names:
                full = os.path.join(at, name)
                with open(full, "rb") as f:
                    out[full[len(top) + 1:]] = (os.stat(full).st_mtime_ns, f.read())
        return out

    def after(self, path, text):
        """What is written and made after `path` holds `text`."""
        before = self.tree()
        self.state.put(path, text)
        self.write(path)
        said = self.build()
        now = self.tree()
        written = {p for p in now if now[p] != before.get(p)}
        return written, said.get("made"), before, now


def check(name, is_right, what):
    global passed, failed
    passed, failed = passed + bool(is_right), failed + (not is_right)
    if not is_right:
        print("FAIL  %s: %s" % (name, what))


def check_made(name, made, most):
    if made is None:
        return
    made = len(made) if isinstance(made, list) else made
    check(name, made <= most, "%d outputs were made, %d are enough" % (made, most))


def holding(tree, *texts):
    """Files in which one of the texts stands."""
    texts = [t.encode() for t in texts]
    return {p for p, (_, data) in tree.items() if any(t in data for t in texts)}


def page(url):
    return url.strip("/") + "/index.html"


# --- cases

def a_body():
    with Site() as site:
        written, made, _, _ = site.after(PIECE, site.state.text(PIECE) + "\nMột câu thêm.\n")
        check("a body", written == {page(PIECE_URL)}, sorted(written))
        check_made("a body", made, 1)


def a_body_in_full_feeds():
    with Site("services: {rss: {limit: 20, full: true}}") as site:
        written, made, _, now = site.after(PIECE, site.state.text(PIECE) + "\nMột câu thêm.\n")
        want = holding(now, "Một câu thêm.")
        check("a body in feeds", written == want, sorted(written ^ want))
        check("a body in feeds", any("index.xml" in p for p in want), "in no feed")
        check_made("a body in feeds", made, len(want))


def an_excerpt():
    with Site() as site:
        text = site.state.text(PLAIN).replace("Câu đầu của trang", "Câu mở của trang")
        written, made, before, now = site.after(PLAIN, text)
        want = holding(before, "Câu đầu của trang") | holding(now, "Câu mở của trang")
        check("an excerpt", written == want, sorted(written ^ want))
        check("an excerpt", len(want) > 1, "on no list")
        check_made("an excerpt", made, len(want) + 3)


def a_body_and_its_date():
    with Site() as site:
        text = mutate.put_key(mutate.split(site.state.text(PIECE))[0], "lastmod",
                              "lastmod: 2026-11-20 10:00")
        body = mutate.split(site.state.text(PIECE))[1]
        written, _, _, _ = site.after(PIECE, mutate.joined(text, body + "\nMột câu.\n"))
        check("a date", {page(PIECE_URL), "sitemap.xml"} <= written, sorted(written))


def a_title():
    with Site() as site:
        text = re.sub(r"(?m)^title: .*", 'title: "Một nhan đề khác hẳn"',
                      site.state.text(PIECE), count=1)
        written, made, before, now = site.after(PIECE, text)
        want = holding(now, "Một nhan đề khác hẳn")
        check("a title", written == want, sorted(written ^ want))
        shown = holding(now, PIECE_URL) | holding(before, PIECE_URL)
        check_made("a title", made, len(shown) + 4)


def a_former_name():
    """Pieces from before its end show it, wherever they stand."""
    with Site() as site:
        path = "content/don-vi/ldld-huyen-an-phu.md"
        front, body = mutate.split(site.state.text(path))
        front = mutate.put_key(front, "former_names",
                               'former_names: [{name: "Công đoàn Văn", to: 2026-11-10}]')
        written, _, _, now = site.after(path, mutate.joined(front, body))
        want = holding(now, "Công đoàn Văn")
        check("a former name", written == want, sorted(written ^ want))
        check("a former name", len(want) > 2, "on no page of others")


def kind_of(path):
    """What a file of the output is, roughly."""
    if re.search(r"/trang/\d+/", path):
        return "numbered page"
    if re.match(r"(tin-tuc|chinh-sach|hoi-dap|su-kien|van-ban)/[^/]+/index.html$", path):
        return "archive" if "luu-tru" in path else "piece"
    return "list"


def a_new_post():
    # One list page holds few pieces, so that there are numbered pages.
    with Site("pagination: {pagerSize: 5, path: trang}") as site:
        for path in [p for p in site.state.files if p.endswith("layouts/list.html")]:
            site.state.put(path, site.state.text(path).replace("per_page: 20", "per_page: 5"))
            site.write(path)
        site.build()
        text = re.sub(r"(?m)^title: .*", 'title: "Một tin vừa đăng"', site.state.text(PIECE),
                      count=1)
        front, body = mutate.split(text)
        for key, line in (("date", "date: 2026-11-21 07:30"), ("lastmod", None),
                          ("translationKey", None), ("aliases", None), ("pin", None)):
            front = mutate.put_key(front, key, line)
        new = "content/tin-tuc/vua-dang.md"
        written, made, before, now = site.after(new, mutate.joined(front, body))
        old = {p for p in written if p in before}
        pieces = sorted(p for p in old if kind_of(p) == "piece")
        check("a new post", "tin-tuc/vua-dang/index.html" in written, "it has no page")
        check("a new post", {"tin-tuc/index.html", "index.html", "index.xml", "sitemap.xml",
                             "tin-tuc/index.xml"} <= old, sorted(old))
        others = old - holding(now, "/tin-tuc/vua-dang/")  # one counts how many have a word
        check("a new post", others <= {"tags/index.html"}, sorted(others))
        check("a new post", any("trang/" in p for p in before), "no numbered page is there")
        check("a new post", not [p for p in old if kind_of(p) == "numbered page"],
              sorted(p for p in old if kind_of(p) == "numbered page"))
        check("a new post", len(pieces) <= 1, pieces)
        check_made("a new post", made, 2 * len(written))


def nothing():
    with Site() as site:
        written, made, _, _ = site.after(PIECE, site.state.text(PIECE))
        check("nothing", not written, sorted(written))
        check_made("nothing", made, 0)


def main():
    for case in (nothing, a_body, a_body_in_full_feeds, an_excerpt, a_body_and_its_date,
                 a_title, a_former_name, a_new_post):
        case()
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
