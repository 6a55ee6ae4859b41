#!/usr/bin/env python3
"""Times builds of generated corpora, on tmpfs, in turn (full, nothing changed,
one edit, floor, Hugo, full, ...), and says which of the numbers asked for were
reached.

Only ratios of one run count: machines differ, and drift. Each round gives one
ratio from builds that ran next to each other; the median of the rounds is
judged. "full" begins with no output and no cache; the rows after it build on
what the one before left. Above 10,000 articles neither floor nor Hugo runs.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BIG = 10000  # the size most numbers are asked for
CLOCK = "2026-11-21T08:00:00+07:00"  # Hugo 0.111 has --clock, too


def timed(argv, log):
    """One run: wall and CPU seconds, peak memory in MB, as the kernel says."""
    with open(log, "wb") as sink:
        start = time.monotonic()
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=sink,
                                 stderr=subprocess.STDOUT)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.stderr.write(open(log, errors="replace").read()[-4000:])
        sys.exit("bench: %s gave %d" % (" ".join(argv), child.returncode))
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime,
            "mb": used.ru_maxrss / 1024.0}


def tree(folder):
    """Files and bytes below a folder, and a manifest for the floor."""
    lines, size = [], 0
    for path, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            full = os.path.join(path, name)
            n = os.lstat(full).st_size
            size += n
            lines.append("%d %s\n" % (n, os.path.relpath(full, folder)))
    return len(lines), size, "".join(lines)


def stamps(folder):
    """What would show that a file below a folder was written."""
    return {(os.path.join(path, name), os.lstat(os.path.join(path, name)).st_mtime_ns)
            for path, _, names in os.walk(folder) for name in names}


def read(path):
    """The text of a file; empty when there is none."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as f:
        return f.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


class Bench:
    def __init__(self, args, tmp):
        self.args, self.tmp = args, tmp
        self.hugo = None if args.no_hugo else shutil.which("hugo")
        self.log = os.path.join(tmp, "log")
        self.runs = {}
        self.written = self.calls = None

    def path(self, *names):
        return os.path.join(self.tmp, *names)

    def run(self, size, who, argv):
        row = timed(argv, self.log)
        self.runs.setdefault((size, who), []).append(row)
        return row

    def prepare(self, size):
        site = self.path("site-%d" % size)
        shutil.copytree(os.path.join(HERE, "loa"), site)
        made = subprocess.run(
            [sys.executable, os.path.join(HERE, "mkcorpus.py"), str(size),
             os.path.join(site, "content")], check=True, capture_output=True,
            text=True)
        print("corpus: " + made.stdout.strip())
        return site

    def loa(self, site, out):
        return [self.args.loa, "build", "--quiet", "-s", site, "-d", out,
                "--clock", CLOCK]

    def size(self, size):
        site = self.prepare(size)
        out, manifest = self.path("out"), self.path("manifest")
        # The first builds warm the machine and give the floor its manifest.
        timed(self.loa(site, out), self.log)
        files, total, lines = tree(out)
        with open(manifest, "w") as f:
            f.write(lines)
        print("  loa writes %d files, %.1f MB" % (files, total / 1e6))
        for k in range(self.args.rounds):
            self.round_of_loa(size, site, out, k)
            if size <= BIG:
                self.round_of_others(size, site, manifest, k)
        if size == BIG:
            self.look_closer(site, out)
        self.wipe(site, out)
        shutil.rmtree(site)
        self.show(size)

    def round_of_loa(self, size, site, out, k):
        """From nothing, then each small change after the other."""
        articles = self.articles(site)
        body, title, model = (articles[len(articles) * i // 7 + k]
                              for i in (2, 4, 6))
        post = re.sub(r"[^/]*$", "bai-moi-%d.md" % k, model)
        edits = [
            ("full", None, None),
            ("nothing", None, None),
            ("body", body, lambda s: s + "\nThêm một câu, lần %d.\n" % k),
            ("title", title, lambda s: re.sub(
                r"(?m)^title: .*$", "title: Tiêu đề mới, lần %d" % k, s, 1)),
            ("post", post, lambda s: re.sub(
                r"(?m)^date: .*$", "date: 2026-11-20T08:0%d:00+07:00" % k,
                read(model), 1)),
        ]
        self.wipe(site, out)
        before = {}
        for who, path, change in edits:
            if path:
                before[path] = read(path)
                write(path, change(before[path]))
            self.run(size, who, self.loa(site, out))
        for path, text in before.items():
            write(path, text) if text else os.unlink(path)

    def round_of_others(self, size, site, manifest, k):
        floor_out, hugo_out = self.path("floor-out"), self.path("hugo-out")
        content = os.path.join(site, "content")
        self.run(size, "floor", [self.args.floor, "-j", "1", content, manifest,
                                 floor_out])
        shutil.rmtree(floor_out)
        if not self.hugo:
            return
        self.run(size, "hugo", [
            self.hugo, "-s", os.path.join(HERE, "hugo"), "-c", content, "-d",
            hugo_out, "--quiet", "--clock", CLOCK])
        if k == 0:
            n, b, _ = tree(hugo_out)
            print("  Hugo writes %d files, %.1f MB" % (n, b / 1e6))
        shutil.rmtree(hugo_out)

    def articles(self, site):
        return sorted(
            os.path.join(path, name)
            for path, _, names in os.walk(os.path.join(site, "content"))
            for name in names if name != "_index.md")

    def look_closer(self, site, out):
        """What a build of an unchanged site writes, and its system calls."""
        timed(self.loa(site, out), self.log)  # the edits have been taken back
        before = stamps(out)
        timed(self.loa(site, out), self.log)
        self.written = len(before ^ stamps(out))
        if not shutil.which("strace"):
            return
        calls = self.path("calls")
        timed(["strace", "-f", "-c", "-o", calls] + self.loa(site, out),
              self.log)
        total = re.search(r"(?m)^100.00 +\S+ +(?:\d+ +)?(\d+)(?: +\d+)? total",
                          read(calls))
        self.calls = int(total.group(1)) / len(self.articles(site))

    def wipe(self, site, out):
        """The output, what loa keeps beside it, and the cache."""
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(os.path.join(site, ".loa"), ignore_errors=True)
        base = os.path.basename(out)
        shutil.rmtree(self.path("." + base + ".loa"), ignore_errors=True)

    def median(self, size, who, key):
        return statistics.median(r[key] for r in self.runs[size, who])

    def ratio(self, size, a, b, key):
        return statistics.median(
            x[key] / y[key]
            for x, y in zip(self.runs[size, a], self.runs[size, b]))

    def show(self, size):
        print("  %-22s %8s %8s %9s" % ("%d articles" % size, "wall s", "CPU s",
                                       "peak MB"))
        for who in ("full", "nothing", "body", "title", "post", "floor",
                    "hugo"):
            if (size, who) in self.runs:
                print("  %-22s %8.3f %8.3f %9.1f" % (
                    who, *(self.median(size, who, k)
                           for k in ("wall", "cpu", "mb"))))
        sys.stdout.flush()

    def rows(self, sizes):
        """What is asked for: (row, what, limit, whether below, measured)."""
        if BIG in sizes:
            yield from self.rows_of_big()
        if BIG in sizes and 1000 in sizes:
            for key, name in (("cpu", "CPU"), ("wall", "wall time")):
                yield ("full", name + " of an article, times that at 1,000",
                       1.2, True, self.median(BIG, "full", key) / BIG /
                       (self.median(1000, "full", key) / 1000))
        for size in sizes:
            if BIG in sizes and size == 10 * BIG:
                yield from self.rows_of_huge(size)

    def rows_of_big(self):
        yield ("full", "times the floor's CPU", 2.5, True,
               self.ratio(BIG, "full", "floor", "cpu"))
        yield "full", "MB at most", 150, True, self.peak(BIG, "full")
        yield "nothing", "files written", 0, True, self.written
        if self.calls:
            yield "nothing", "system calls a source", 3, True, self.calls
        else:
            print("strace is not installed: system calls are not counted.")
        if not self.hugo:
            print("Hugo is not installed: nothing to say about it.")
            return
        for who, times in (("full", 8), ("nothing", 150), ("body", 100),
                           ("title", 50), ("post", 50)):
            yield (who, "times less wall time than Hugo", times, False,
                   self.ratio(BIG, "hugo", who, "wall"))

    def rows_of_huge(self, size):
        yield "full", "%d: MB at most" % size, 900, True, self.peak(size, "full")
        for who in ("full", "nothing", "body"):
            yield (who, "%d: times the row of %d" % (size, BIG), 12, True,
                   self.median(size, who, "wall") /
                   self.median(BIG, who, "wall"))

    def peak(self, size, who):
        return max(r["mb"] for r in self.runs[size, who])

    def judge(self, sizes):
        rows = list(self.rows(sizes))
        good = True
        print("  %-8s %-42s %8s %9s" % ("row", "", "asked", "measured"))
        for who, what, limit, is_below, value in rows:
            reached = value <= limit if is_below else value >= limit
            good = good and reached
            print("  %-8s %-42s %8g %9.2f  %s" % (
                who, what, limit, value, "reached" if reached else "MISSED"))
        if not rows:
            print("No verdict: the numbers asked for are those of %d." % BIG)
        return good


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--loa", default="build/loa")
    p.add_argument("--floor", default="build/bench/floor")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--no-hugo", action="store_true")
    p.add_argument("sizes", type=int, nargs="+")
    args = p.parse_args()
    args.loa = os.path.abspath(args.loa)
    args.floor = os.path.abspath(args.floor)
    where = "/dev/shm" if os.path.isdir("/dev/shm") else None
    tmp = tempfile.mkdtemp(prefix="loa-bench-", dir=where)
    print("bench: %d cores, %d rounds, in %s" % (os.cpu_count(), args.rounds,
                                                 tmp))
    try:
        bench = Bench(args, tmp)
        for size in args.sizes:
            bench.size(size)
        good = bench.judge(args.sizes)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
