#!/usr/bin/env python3
"""Times whole builds of generated corpora, on tmpfs, in turn (loa, floor, Hugo,
loa, ...), and says which of the numbers asked for were reached.

Only ratios of one run count: machines differ, and drift. Each round gives one
ratio from builds that ran next to each other; the median of the rounds is
judged. Every build writes into a fresh folder, except "again", where nothing
has changed since.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
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


class Bench:
    def __init__(self, args, tmp):
        self.args, self.tmp = args, tmp
        self.hugo = None if args.no_hugo else shutil.which("hugo")
        self.log = os.path.join(tmp, "log")
        self.runs = {}

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
        out, hugo_out = self.path("out"), self.path("hugo-out")
        floor_out, manifest = self.path("floor-out"), self.path("manifest")

        # The first builds warm the machine and give the floor its manifest.
        timed(self.loa(site, out), self.log)
        files, total, lines = tree(out)
        with open(manifest, "w") as f:
            f.write(lines)
        print("  loa writes %d files, %.1f MB" % (files, total / 1e6))
        for k in range(self.args.rounds):
            self.wipe(out)
            self.run(size, "loa", self.loa(site, out))
            self.run(size, "again", self.loa(site, out))
            self.run(size, "floor", [self.args.floor, "-j", "1",
                                     os.path.join(site, "content"), manifest,
                                     floor_out])
            shutil.rmtree(floor_out)
            if self.hugo:
                self.run(size, "hugo", [
                    self.hugo, "-s", os.path.join(HERE, "hugo"), "-c",
                    os.path.join(site, "content"), "-d", hugo_out, "--quiet",
                    "--clock", CLOCK])
                if k == 0:
                    n, b, _ = tree(hugo_out)
                    print("  Hugo writes %d files, %.1f MB" % (n, b / 1e6))
                shutil.rmtree(hugo_out)
        self.wipe(out)
        shutil.rmtree(site)
        self.show(size)

    def wipe(self, out):
        """The output and what loa keeps beside it."""
        shutil.rmtree(out, ignore_errors=True)
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
        for who in ("loa", "again", "floor", "hugo"):
            if (size, who) in self.runs:
                print("  %-22s %8.3f %8.3f %9.1f" % (
                    who, *(self.median(size, who, k)
                           for k in ("wall", "cpu", "mb"))))
        for who in ("floor", "hugo"):
            if (size, who) in self.runs:
                print("  loa/%-18s %8.3f %8.3f %9.3f" % (
                    who, *(self.ratio(size, "loa", who, k)
                           for k in ("wall", "cpu", "mb"))))
        sys.stdout.flush()

    def judge(self, sizes):
        big = 10000
        if big not in sizes:
            print("No verdict: the numbers asked for are those of 10000.")
            return True
        rows = [
            ("CPU at most 3 times the floor's",
             self.ratio(big, "loa", "floor", "cpu"), 3.0, True),
            ("peak memory under 200 MB",
             max(r["mb"] for r in self.runs[big, "loa"]), 200.0, True),
        ]
        if self.hugo:
            rows.append(("wall time at least 7 times less than Hugo's",
                         self.ratio(big, "hugo", "loa", "wall"), 7.0, False))
        else:
            print("Hugo is not installed: nothing to say about it.")
        if 1000 in sizes:
            for key, name in (("cpu", "CPU"), ("wall", "wall time")):
                rows.append(
                    ("%s of an article at most 1.2 times that at 1,000" % name,
                     self.median(big, "loa", key) / big /
                     (self.median(1000, "loa", key) / 1000), 1.2, True))
        print("At 10,000 articles:")
        good = True
        for name, value, limit, below in rows:
            reached = value <= limit if below else value >= limit
            good = good and reached
            print("  %-50s %8.2f  %s" % (name, value,
                                         "reached" if reached else "MISSED"))
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
