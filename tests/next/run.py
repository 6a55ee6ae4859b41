#!/usr/bin/env python3
"""`loa next` against builds: what it says differs, does, and nothing else.

Of the demo, of a site where everything has a time, and of one that breaks:
a build one second before an instant and one at it differ in as many files as
was said; a build at any moment between two of them is, byte for byte, that of
the former. Which instants are tried is drawn; SEED=N repeats a draw.
"""
import datetime
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LOA = os.path.realpath(os.environ.get("LOA", os.path.join(TOP, "build/san/loa")))
CLOCK = "2026-11-21T08:00:00+07:00"
SEED = int(os.environ.get("SEED", random.randrange(1 << 30)))
PARTS = ("content", "layouts", "themes", "types", "i18n", "data", "static", "config",
         "loa.yaml", "urls.tsv")
passed = failed = 0


def check(good, what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL  " + what)


def run(site, *args, code=0):
    done = subprocess.run([LOA, *args, "-s", site], capture_output=True, text=True,
                          env={**os.environ, "LOA_LANG": "en"}, check=False)
    if done.returncode != code:
        check(False, f"loa {' '.join(args)}: code {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def instants(site, clock, code=0):
    return json.loads(run(site, "next", "--all", "--json", "--clock", clock, code=code))["instants"]


def build(site, at):
    """Path and hash of every file of a fresh build at that moment."""
    shutil.rmtree(os.path.join(site, ".loa"), ignore_errors=True)
    with tempfile.TemporaryDirectory() as out:
        run(site, "build", "-q", "--clock", at.isoformat(), "-d", os.path.join(out, "o"))
        files = {}
        for folder, _, names in os.walk(os.path.join(out, "o")):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as f:
                    files[os.path.relpath(path, out)] = hashlib.sha256(f.read()).hexdigest()
        return files


def compare(a, b):
    both = a.keys() & b.keys()
    return {"changed": sum(a[p] != b[p] for p in both), "added": len(b.keys() - a.keys()),
            "removed": len(a.keys() - b.keys())}


def try_instant(name, site, draw, item, after):
    """Just before, at, and somewhere between it and the one after."""
    second = datetime.timedelta(seconds=1)
    at = datetime.datetime.fromisoformat(item["at"])
    before, then = build(site, at - second), build(site, at)
    said = {k: item[k] for k in ("changed", "added", "removed")}
    check(compare(before, then) == said, f"{name} at {at}: {compare(before, then)}, not {said}")
    length = int((after - at).total_seconds())
    if length < 2:
        return
    between = at + second * draw.randrange(1, length)
    check(build(site, between) == then, f"{name}: something changed from {at} to {between}")


def try_site(name, site, draw, count):
    found = instants(site, CLOCK)
    check(len(found) > count, f"{name}: only {len(found)} instants")
    times = [datetime.datetime.fromisoformat(i["at"]) for i in found]
    check(times == sorted(set(times)), f"{name}: not in order")
    # Rare reasons first: most are a new day or a piece too old for news.
    order = sorted(range(len(found) - 1), key=lambda i: (
        sum(found[i]["reasons"][0]["why"] == f["reasons"][0]["why"] for f in found),
        draw.random()))
    for i in sorted(order[:count]):
        try_instant(name, site, draw, found[i], times[i + 1])
    start = datetime.datetime.fromisoformat(CLOCK)
    quiet = start + datetime.timedelta(
        seconds=draw.randrange(int((times[0] - start).total_seconds())))
    check(build(site, start) == build(site, quiet), f"{name}: changed before the first instant")
    # Now the cache knows another moment: the answer is the same.
    check(instants(site, CLOCK) == found, f"{name}: with a cache it says something else")
    said = json.loads(run(site, "build", "--json", "--clock", CLOCK,
                          "-d", os.path.join(site, "public")))["next"]
    check(CLOCK < said <= found[0]["at"], f"{name}: the build says {said}")
    one = json.loads(run(site, "next", "--json", "--clock", CLOCK))["instants"]
    check(one == found[:1], f"{name}: without --all it says {one}")
    return found


def copy_demo(to):
    for part in PARTS:
        source = os.path.join(TOP, part)
        if os.path.isdir(source):
            shutil.copytree(source, os.path.join(to, part))
        elif os.path.exists(source):
            shutil.copy(source, os.path.join(to, part))


def write(site, path, text):
    path = os.path.join(site, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def day(draw, hours=True):
    d = datetime.datetime(2026, 11, 1) + datetime.timedelta(hours=draw.randrange(24 * 300))
    if hours and draw.random() < 0.5:
        return d.strftime("%Y-%m-%dT%H:%M:00") + draw.choice(["+07:00", "Z"])
    return d.strftime("%Y-%m-%d")


TYPES = {
    "news": "section: tin\ndated: true\nfields:\n  pin: {kind: map, fields: {until: {kind: datetime}}}\n",
    "event": "section: lich\nwindow: {start: start, end: end}\ncard: [start]\nfields:\n"
             "  start: {kind: datetime, required: true}\n  end: {kind: datetime}\n",
}


def make_site(site, draw):
    """Pieces that wait, expire, are pinned for a time, begin and end; drafts,
    of which nothing may be told."""
    write(site, "loa.yaml", "baseURL: https://tin.example/\ntitle: Tin\nlanguageCode: vi\n"
          "timeZone: Asia/Ho_Chi_Minh\n")
    write(site, "layouts/single.html", "{{ page.title }} {{ page.phase }} {{ page.content }}\n")
    write(site, "layouts/list.html", "---\nselect:\n  all: {in: $page, limit: 30}\n---\n"
          "{% for p in all %}<a href=\"{{ p.url }}\">{{ p.title }} {{ p.phase }}</a>\n"
          "{% endfor %}{{ clock.year }}\n")
    for name, text in TYPES.items():
        write(site, f"types/{name}.yaml", f"type: {name}\n{text}")
    for i in range(16):
        lines = [f"title: Tin {i}", f"date: 2026-10-{i + 1:02}", "type: news"]
        lines += [f"publishDate: {day(draw)}"] if draw.random() < 0.4 else []
        lines += [f"expiryDate: {day(draw)}"] if draw.random() < 0.4 else []
        lines += ["draft: true"] if draw.random() < 0.2 else []
        lines += [f"pin: {{until: {day(draw)}}}"] if draw.random() < 0.3 else []
        write(site, f"content/tin/t{i}.md",
              "---\n" + "\n".join(lines) + f"\n---\nXem [bài](t{(i + 7) % 16}.md).\n")
        start = day(draw, False)
        write(site, f"content/lich/e{i}.md", f"---\ntitle: Việc {i}\ntype: event\n"
              f"date: 2026-10-01\nstart: {start}\n---\nViệc.\n")


def try_broken(site):
    """Two pieces with one address, of which one waits."""
    make_site(site, random.Random(1))
    for name, extra in ("a", ""), ("b", "publishDate: 2026-11-22\n"):
        write(site, f"content/tin/{name}.md",
              f"---\ntitle: {name}\ntype: news\ndate: 2026-10-01\nurl: /mot/\n{extra}---\nA.\n")
    found = instants(site, CLOCK, code=1)
    check(found and found[-1]["broken"] and found[-1]["at"] == "2026-11-22T00:00:00+07:00",
          f"broken: {found}")


def main():
    with tempfile.TemporaryDirectory() as tmp:
        demo, every, made, broken = (os.path.join(tmp, n)
                                     for n in ("demo", "every", "made", "broken"))
        os.mkdir(demo)
        copy_demo(demo)
        if not os.environ.get("QUICK"):
            try_site("demo", demo, random.Random(SEED), 6)
        shutil.copytree(os.path.join(TOP, "tests/golden/all-types/site"), every)
        shutil.copytree(os.path.join(TOP, "themes/congdoan/types"),
                        os.path.join(every, "themes/t/types"))
        try_site("all-types", every, random.Random(SEED), 6)
        make_site(made, random.Random(SEED))
        try_site("made", made, random.Random(SEED), 10)
        try_broken(broken)
    if failed:
        print(f"again: SEED={SEED} tests/next/run.py")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
