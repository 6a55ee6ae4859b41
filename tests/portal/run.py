#!/usr/bin/env python3
"""The demo portal has as many pieces of each kind as a portal needs, and one
of each special case the theme has to show.

    LOA=build/loa tests/portal/run.py
"""
import collections
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LOA = os.path.realpath(os.environ.get("LOA", os.path.join(TOP, "build/loa")))
CLOCK = "2026-11-21T08:00:00+07:00"
TODAY = CLOCK[:10]
LEAST = {
    "news": 25, "event": 15, "role-model": 10, "explainer": 12, "qa": 12,
    "document": 10, "campaign": 2, "contest": 1, "survey": 1, "digest": 2,
    "rebuttal": 2, "gallery": 2, "unit": 25, "person": 8,
}
passed = failed = 0


def check(name, is_good, said=""):
    global passed, failed
    passed, failed = passed + bool(is_good), failed + (not is_good)
    if not is_good:
        print("FAIL  %s: %s" % (name, said))
    elif os.environ.get("VERBOSE"):
        print("ok    " + name)


def loa(*args):
    done = subprocess.run([LOA, *args, "-s", TOP, "--clock", CLOCK],
                          capture_output=True, text=True, check=True)
    return done.stdout


def least(name, have, want):
    check(name, have >= want, "%d, not %d" % (have, want))


def front(piece):
    with open(os.path.join(TOP, piece["path"]), encoding="utf-8") as f:
        return f.read().split("\n---", 1)[0] + "\n"


def having(pieces, pattern):
    return [p for p in pieces if re.search(pattern, front(p), re.M)]


def language(piece):
    found = re.search(r"\.([a-z]{2})\.md$", piece["path"])
    return found.group(1) if found else "vi"


def special(by):
    events = by["event"]
    past = [e for e in events
            if re.search(r"^start: *(\S{10})", front(e), re.M).group(1) < TODAY]
    least("past events", len(past), 3)
    least("events to come", len(events) - len(past), 3)
    for name, kind, pattern, want in [
            ("a postponed event", "event", "^state: *postponed", 1),
            ("a cancelled event", "event", "^state: *cancelled", 1),
            ("a congress", "event", "^congress:", 1),
            ("role models: people", "role-model", "^person:", 3),
            ("role models: a team", "role-model", "^category: *tap-the", 1),
            ("an enterprise", "role-model", "^category: *doanh-nghiep", 1),
            ("a way of working", "role-model", "^category: *mo-hinh", 1),
            ("marked as invented", "role-model", r"hư cấu", 10),
            ("documents with relations", "document",
             "^(based_on|implements|amends|corrects|replaces|related):", 5),
            ("campaigns with slogans", "campaign", "^slogans:", 2),
            ("law_as_of of explainers", "explainer", "^law_as_of:", 12),
            ("law_as_of of answers", "qa", "^law_as_of:", 12),
            ("basis of answers", "qa", "^basis:", 12),
            ("units closed on 30/6/2025", "unit", "^valid_to: *30/6/2025", 8)]:
        least(name, len(having(by[kind], pattern)), want)
    series = {re.search('^series: *"?([^"\n]+)', front(p), re.M).group(1)
              for p in by["campaign"]}
    check("both campaigns", {"Tháng Công nhân", "Tết Sum vầy"} <= series, series)


def banners(by):
    """What only the built pages show."""
    with tempfile.TemporaryDirectory() as out:
        loa("build", "-q", "-d", out)

        def pages(kind, word):
            found = 0
            for p in by[kind]:
                path = out + p["url"] + "index.html"
                with open(path, encoding="utf-8") as f:
                    found += word in f.read()
            return found
        least("an explainer or answer whose basis was replaced",
              pages("explainer", 'id="_da-cu"') + pages("qa", 'id="_da-cu"'), 1)
        least("closed units lead to their successors",
              pages("unit", 'id="_ket-thuc"'), 8)
        for piece in having(by["news"], "^kind: *republished"):
            source = re.search(r"^source:.*?url: *\"?(https?:[^\s\",}]+)",
                               front(piece), re.M | re.S).group(1)
            with open(out + piece["url"] + "index.html", encoding="utf-8") as f:
                check("a republished piece names its original as canonical",
                      '<link rel="canonical" href="%s">' % source in f.read(),
                      piece["path"])
        with open(out + "/index.html", encoding="utf-8") as f:
            check("the home page counts the anniversaries of the month",
                  re.search(r"Ngày Nhà giáo Việt Nam: <strong>44 năm</strong>",
                            f.read()), "not there")
        least("a campaign with a diary", pages("campaign", 'id="_nhat-ky"'), 1)
        least("a campaign that counts its anniversaries",
              pages("campaign", 'id="_ky-niem"'), 1)


ALPHABET = "0–9 A B C D Đ E G H I K L M N O P Q R S T U V X Y".split()


def audiences(by):
    """Pieces lead to the page of their audience, and it to them."""
    with tempfile.TemporaryDirectory() as out:
        loa("build", "-q", "-d", out)
        piece = having(by["qa"], r"^audiences: *\[.*nguoi-su-dung-lao-dong")[0]
        for here, there in [(piece["url"], "/danh-cho/nguoi-su-dung-lao-dong/"),
                            ("/danh-cho/nguoi-su-dung-lao-dong/", piece["url"])]:
            with open(out + here + "index.html", encoding="utf-8") as f:
                check("%s leads to %s" % (here, there),
                      'href="%s"' % there in f.read(), "it does not")


def plain(page):
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    return html.unescape(re.sub(r"<[^>]*>", "", main))


def indexes(by):
    """The agenda by weeks and days, the index of titles, that of numbers."""
    with tempfile.TemporaryDirectory() as out:
        loa("build", "-q", "-d", out)

        def read(name):
            with open(out + name + "index.html", encoding="utf-8") as f:
                return f.read()
        text, at = plain(read("/lich-cong-tac/")), 0
        for word in ["Tuần 48/2026", "Thứ Hai, 23/11/2026", "8h00 – 10h30",
                     "Thứ Tư, 25/11/2026", "Thứ Sáu, 27/11/2026"]:
            found = text.find(word, at)
            check("agenda, in order: " + word, found >= 0, text[:300])
            at = max(found, at)

        page = read("/a-z/")
        letters = re.findall(r"<h2>([^<]*)</h2>", page)
        check("letters in the order of the alphabet",
              letters == [a for a in ALPHABET if a in letters] and
              len(letters) > 10, letters)
        titles = plain(page)
        lack = [p["title"] for kind in ("explainer", "qa", "unit", "person")
                for p in by[kind] if p["title"] not in titles]
        check("every answer, unit and person is in A - Z", not lack, lack)
        wrong = [t for letter, block in re.findall(
                     r"<h2>([^<0]+)</h2>\n<ul[^>]*>(.*?)</ul>", page, re.S)
                 for t in re.findall(r">([^<]+)</a>", block)
                 if t[0].upper() != letter and letter not in unicodedata
                 .normalize("NFD", t[0].upper())]
        check("under its letter", not wrong, wrong)

        numbers = plain(read("/so-van-ban/"))
        lack = [n for p in by["document"]
                for n in re.findall(r'^number: *"?([^"\n]+)', front(p), re.M)
                if n.strip() not in numbers]
        check("every document is in the index of numbers", not lack, lack)


HEAD = [
    ("canonical", '<link rel="canonical" href="https://'),
    ("favicon", '<link rel="icon" type="image/svg+xml" href="/'),
    ("touch icon", '<link rel="apple-touch-icon" href="/'),
    ("theme-color", '<meta name="theme-color" media="(prefers-color-scheme: dark)"'),
    ("og:title", '<meta property="og:title" content="'),
    ("og:url", '<meta property="og:url" content="https://'),
    ("og:description", '<meta property="og:description" content="'),
    ("twitter:card", '<meta name="twitter:card" content="'),
    ("feed", '<link rel="alternate" type="application/rss+xml"'),
    ("JSON-LD", '<script type="application/ld+json">'),
]


def heads():
    """What every page says to machines; pictures as files that exist, none
    of them an SVG, which nobody shows."""
    lack, pictures = [], collections.Counter()
    with tempfile.TemporaryDirectory() as out:
        loa("build", "-q", "-d", out)
        for folder, _, names in os.walk(out):
            for name in names:
                if not name.endswith(".html") or name == "404.html":
                    continue
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as f:
                    page = f.read()
                if '<meta http-equiv="refresh"' in page:
                    continue
                where = path[len(out):]
                lack += [where + ": no " + what for what, text in HEAD
                         if text not in page]
                picture = re.search(r'property="og:image" content="'
                                    r'https://[^/"]+(/[^"]+)"', page)
                picture = picture and picture.group(1)
                pictures[picture] += 1
                if not picture or not re.search(r"\.(png|jpe?g|webp)$", picture):
                    lack.append("%s: og:image is %s" % (where, picture))
                elif not os.path.exists(out + picture):
                    lack.append("%s: there is no %s" % (where, picture))
    check("every page has its head", not lack and sum(pictures.values()) > 100,
          "; ".join(lack[:10]))


def main():
    every = [p for p in json.loads(loa("list", "--json"))
             if p["state"] == "published"]
    by = collections.defaultdict(list)
    for p in every:
        if language(p) == "vi":
            by[p["type"]].append(p)
    for kind, want in LEAST.items():
        least(kind, len(by[kind]), want)
    least("pieces besides units and people",
          sum(len(v) for k, v in by.items() if k not in ("unit", "person")), 100)
    least("pieces in English",
          len([p for p in every if language(p) == "en"]), 8)
    least("pieces in Korean, marked as translated by machine",
          len([p for p in having(every, "^translation_kind: *machine *$")
               if language(p) == "ko"]), 2)
    special(by)
    banners(by)
    indexes(by)
    audiences(by)
    heads()
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
