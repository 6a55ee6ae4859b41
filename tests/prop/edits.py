#!/usr/bin/env python3
"""Random edits of a site with every type: after each, what was built upon the last
build equals what is built afresh, file for file and byte for byte, and says the same.

  LOA=build/loa tests/prop/edits.py [--seed N] [--edits N] [--seconds N] [--only NAME,...]

A sequence of rounds begins with the demo portal and some more (mutate.py). A round is
one to four edits, a build in the site, and a build of a copy that has no cache and no
output. Said on both channels, the next instant and the maps for servers are the same, too.
A build that fails leaves the output as it is; its edits are undone, at once or after more
of them. Now and then a file is written while the site is built, the build is killed, or it
records what it publishes.

The seed is printed; with it and the number of the sequence a failure comes back, and
the sequence is made shorter before it is shown. --seed N --first K begins with the Kth.
"""
import argparse
import difflib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import mutate  # noqa: E402

LOA = os.path.realpath(os.environ.get("LOA", "build/loa"))
ROUNDS = 24
WAYS = ["in place", "rename", "in place, old time", "rename, old time"]


class Wrong(Exception):
    pass


# --- trees on the disk

def read_tree(path):
    out = {}
    for at, folders, names in os.walk(path):
        for name in names:
            full = os.path.join(at, name)
            with open(full, "rb") as f:
                out[full[len(path) + 1:]] = f.read()
        if not folders and not names and at != path:
            out[at[len(path) + 1:] + "/"] = None
    return out


class Copy:
    """A site on the disk, brought to what a state says."""

    def __init__(self, root, r):
        self.root, self.r, self.files = root, r, {}
        os.makedirs(root)

    def write(self, path, data, how):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        was = os.stat(full).st_mtime_ns if os.path.exists(full) else 0
        at = full + ".tmp~" if "rename" in how else full
        with open(at, "wb") as f:
            f.write(data)
        if was and "old time" in how:  # as cp -p, rsync -t and restored copies do
            os.utime(at, ns=(was, was))
        if at != full:
            os.rename(at, full)

    def remove(self, path):
        full = os.path.join(self.root, path)
        os.remove(full)
        self.drop_empty(os.path.dirname(full))

    def drop_empty(self, folder):
        while folder != self.root and not os.listdir(folder):
            os.rmdir(folder)
            folder = os.path.dirname(folder)

    def follow(self, state):
        gone = [p for p in self.files if p not in state.files]
        new = [p for p in state.files if p not in self.files]
        for old in gone[:]:
            twin = [p for p in new if state.files[p] == self.files[old] and
                    os.path.isdir(os.path.join(self.root, os.path.dirname(p))) and
                    not os.path.exists(os.path.join(self.root, p))]
            if twin:  # a file that moves keeps its times
                os.rename(os.path.join(self.root, old), os.path.join(self.root, twin[0]))
                new.remove(twin[0])
                self.files[twin[0]] = self.files.pop(old)
                gone.remove(old)
                self.drop_empty(os.path.dirname(os.path.join(self.root, old)))
        for path in gone:
            self.remove(path)
        for path, data in state.files.items():
            if self.files.get(path) is not data:
                if self.files.get(path) != data:
                    self.write(path, data, self.r.choice(WAYS))
        self.files = dict(state.files)


def loa(root, state, jobs, *more):
    return subprocess.Popen(
        [LOA, "build", "--clock", state.clock, "--allow-mass-removal", "--json",
         "-j", str(jobs), *state.flags, *more],
        cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=dict(os.environ, LOA_LANG=state.lang, LC_ALL="C.UTF-8"))


def ended(process):
    try:
        out, err = process.communicate(timeout=120)
    except subprocess.TimeoutExpired as e:
        process.kill()
        raise Wrong("the build does not end") from e
    err = err.decode("utf-8", "replace")
    if process.returncode not in (0, 1) or "Sanitizer" in err or "runtime error" in err:
        raise Wrong("exit %d\n%s" % (process.returncode, err[:6000]))
    return process.returncode, err, out


def spoil(public, how, number):
    files = sorted(read_tree(public)) if os.path.isdir(public) else []
    files = [f for f in files if not f.endswith("/")]
    if not files:
        return
    full = os.path.join(public, files[number % len(files)])
    with open(full, "rb") as f:
        data = f.read()
    if how == "delete":
        os.remove(full)
        return
    changed = {"cut": data[:len(data) // 2], "more": data + b"x", "empty": b"",
               "flip": data[:-1] + bytes([data[-1] ^ 1]) if data else b""}[how]
    with open(full, "wb") as f:
        f.write(changed)


def without_passing(err):
    """What is said once, by the build after one that was killed."""
    codes = ("[E-JOURNAL]", "[E-OUTPUT-STAGING]")
    return "".join(ln for ln in err.splitlines(True) if not ln.rstrip().endswith(codes))


def show(data, other):
    if data is None or other is None:
        return "only in the %s one" % ("fresh" if data is None else "kept")
    a, b = (x.decode("utf-8", "replace").splitlines() for x in (data, other))
    lines = list(difflib.unified_diff(a, b, "kept", "fresh", lineterm="", n=0))[2:8]
    return "\n    ".join(ln[:300] for ln in lines)


def compare(kept, fresh):
    differ = sorted(p for p in set(kept) | set(fresh) if kept.get(p) != fresh.get(p))
    if differ:
        raise Wrong("%d files differ\n%s" % (len(differ), "\n".join(
            "  %s\n    %s" % (p, show(kept.get(p), fresh.get(p))) for p in differ[:5])))


def say_difference(kept, fresh):
    lines = difflib.unified_diff(kept.splitlines(), fresh.splitlines(), "kept", "fresh",
                                 lineterm="", n=0)
    return "\n".join(list(lines)[:20])


# --- a sequence

class Round:
    def __init__(self, r, only, turn=0):
        """One edit whose turn it is, so that each comes up, and some by their weight."""
        names = [n for n in mutate.BY_NAME if not only or n in only]
        weights = [mutate.EDITS[mutate.BY_NAME[n]] for n in names]
        count = r.choice([0, 0, 0, 1, 2, 3])
        drawn = [names[turn % len(names)]] + r.choices(names, weights, k=count)
        self.edits = [(n, r.randrange(10 ** 9)) for n in drawn]
        self.race = r.choice(["", "", "", "", "", "", "write", "kill", "tick"])
        self.seed = r.randrange(10 ** 9)
        self.undoes = r.random() < .85


class Sequence:
    def __init__(self, rounds, tmp, is_lenient):
        self.rounds, self.tmp, self.is_lenient = rounds, tmp, is_lenient
        self.said, self.good_builds, self.builds = [], 0, 0
        self.made = {name: 0 for name in mutate.BY_NAME}

    def begin(self):
        shutil.rmtree(self.tmp, ignore_errors=True)
        r = random.Random(1)
        self.state = mutate.base_site(self.is_lenient)
        self.kept = Copy(os.path.join(self.tmp, "kept"), r)
        self.fresh = Copy(os.path.join(self.tmp, "fresh"), r)
        self.good = self.state.copy()
        self.tree = {}
        if self.build(Round(random.Random(0), None), 1):
            raise Wrong("the site cannot be built before it is changed")

    def edit(self, rnd):
        for name, seed in rnd.edits:
            try:
                said = mutate.BY_NAME[name](self.state, mutate.Pick(seed))
            except mutate.Nothing:
                continue
            if said:
                self.said[-1].append("%s: %s" % (name, said))
                self.made[name] += 1

    def race(self, rnd):
        """A build during which something happens; what it gives does not matter."""
        r = random.Random(rnd.seed)
        extra = mutate.Pick(rnd.seed)
        self.said[-1].append("(%s while it is built)" % rnd.race)
        process = loa(self.kept.root, self.state, 2)
        time.sleep(r.random() * .04)
        if rnd.race == "kill":
            process.kill()
        else:
            said = mutate.body_same_size(self.state, extra)
            self.said[-1].append("body_same_size: %s" % said)
            self.kept.follow(self.state)
        process.communicate()
        if rnd.race == "tick":  # and once more, perhaps before the clock moves
            self.build_only(self.kept, 2)
            said = mutate.body_same_size(self.state, extra)
            self.said[-1].append("body_same_size: %s" % said)
            self.kept.follow(self.state)

    def build_only(self, copy, jobs):
        return ended(loa(copy.root, self.state, jobs))

    def record(self):
        """What is published is written into urls.tsv, as the next build finds it."""
        self.state.records = False
        if self.state.flags:  # with some of them that is wrong usage
            return
        full = os.path.join(self.kept.root, "urls.tsv")
        ended(loa(self.kept.root, self.state, 2, "--record"))
        if os.path.exists(full):
            with open(full, "rb") as f:
                self.state.files["urls.tsv"] = self.kept.files["urls.tsv"] = f.read()

    def compare_said(self, out, fresh_out):
        """What programs are told."""
        said, fresh = (json.loads(o) for o in (out, fresh_out))
        for key in ("next", "record", "left_out", "pages", "files"):
            if said.get(key) != fresh.get(key):
                raise Wrong("%s: %s, afresh %s" % (key, said.get(key), fresh.get(key)))
        if not self.state.flags:  # with some the maps stay as they were
            compare(*(read_tree(os.path.join(c.root, ".loa/server"))
                      for c in (self.kept, self.fresh)))

    def build(self, rnd, first=0):
        self.kept.follow(self.state)
        for path in self.state.touched:
            full = os.path.join(self.kept.root, path)
            if os.path.exists(full):
                os.utime(full)
        public = os.path.join(self.kept.root, "public")
        for how, number in self.state.damage:
            spoil(public, how, number)
        damaged = bool(self.state.damage)
        self.state.touched, self.state.damage = [], []
        if rnd.race and not first:
            self.race(rnd)
            damaged = True
        if self.state.records:
            self.record()
            damaged = True
        self.fresh.follow(self.state)
        for name in ("public", ".loa"):
            shutil.rmtree(os.path.join(self.fresh.root, name), ignore_errors=True)
        jobs = rnd.seed % 2 + 1
        both = [loa(self.kept.root, self.state, jobs),
                loa(self.fresh.root, self.state, 3 - jobs)]
        try:
            (code, err, out), (fresh_code, fresh_err, fresh_out) = [ended(p) for p in both]
        finally:  # the other one, when one was wrong
            for p in both:
                p.kill()
                p.wait()
        kept = read_tree(public)
        afresh = read_tree(os.path.join(self.fresh.root, "public"))
        # With --keep-going the rest is published, and still it is a 1.
        is_made = fresh_code == 0 or "--keep-going" in self.state.flags and afresh
        if code == fresh_code and is_made:
            compare(kept, afresh)
        if code != fresh_code:
            raise Wrong("exit %d, afresh %d\n%s" % (code, fresh_code,
                                                   say_difference(err, fresh_err)))
        if rnd.race == "kill":
            err = without_passing(err)
        if err != fresh_err:
            raise Wrong("says other things\n" + say_difference(err, fresh_err))
        if code == 0:
            self.compare_said(out, fresh_out)
        if code == 1 and not is_made and not damaged and kept != self.tree:
            raise Wrong("a build that failed changed the output")
        self.tree = kept
        self.builds += 1
        self.good_builds += code == 0
        if code and os.environ.get("WHY"):
            print([ln for ln in err.splitlines() if " error: " in ln][:2])
        return code

    def run(self):
        self.begin()
        self.said = []
        code = 0
        for rnd in self.rounds:
            if code == 0:
                self.good = self.state.copy()
            elif rnd.undoes:
                clock, flags = self.state.clock, self.state.flags
                self.state = self.good.copy()
                self.said.append(["(undone)"])
                if rnd.seed % 2:
                    self.state.clock, self.state.flags = clock, ()
            self.said.append([])
            self.edit(rnd)
            code = self.build(rnd)


def parted(rounds):
    """What may be left out: each round, and each edit of a round."""
    for i in range(len(rounds)):
        yield rounds[:i] + rounds[i + 1:]
    for i, rnd in enumerate(rounds):
        if rnd.race:
            yield rounds[:i] + [less(rnd, rnd.edits, "")] + rounds[i + 1:]
        for k in range(len(rnd.edits)):
            if len(rnd.edits) > 1:
                yield rounds[:i] + [less(rnd, rnd.edits[:k] + rnd.edits[k + 1:], rnd.race)] + \
                    rounds[i + 1:]


def less(rnd, edits, race):
    out = Round(random.Random(0), None)
    out.edits, out.race, out.seed, out.undoes = edits, race, rnd.seed, rnd.undoes
    return out


def fails(rounds, tmp, is_lenient):
    sequence = Sequence(rounds, tmp, is_lenient)
    try:
        sequence.run()
    except Wrong as e:
        return sequence, str(e)
    return None


def shorten(rounds, found, tmp, seconds):
    end = time.time() + seconds
    size = len(rounds) // 2
    while size >= 1:  # whole halves, quarters ... first
        i = 0
        while i < len(rounds) - 1 and time.time() < end:
            some = rounds[:i] + rounds[i + size:]
            again = fails(some, tmp, found[0].is_lenient) if some else None
            if again:
                rounds, found = some, again
            else:
                i += size
        size //= 2
    is_less = True
    while is_less and time.time() < end:
        is_less = False
        for some in parted(rounds):
            again = None
            if some and time.time() < end:
                again = fails(some, tmp, found[0].is_lenient)
            if again:
                rounds, found, is_less = some, again, True
                break
    return rounds, found


def report(seed, number, rounds, found):
    sequence, what = found
    print("FAIL  sequence %d of seed %d, %d rounds:" % (number, seed, len(rounds)))
    for i, said in enumerate(sequence.said):
        for line in said:
            print("  %2d  %s" % (i, line.replace("\n", "\n      ")))
    print("  clock %s, options %s" % (sequence.state.clock, " ".join(sequence.state.flags)))
    print(what, flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10 ** 9))
    p.add_argument("--first", type=int, default=0)
    p.add_argument("--edits", type=int, default=1000)
    p.add_argument("--seconds", type=float, default=600)
    p.add_argument("--least", type=int, default=0, help="fewer edits are a failure")
    p.add_argument("--rounds", type=int, default=ROUNDS)
    p.add_argument("--shorten", type=float, default=60, help="seconds for making it short")
    p.add_argument("--failures", type=int, default=3)
    p.add_argument("--only", default="")
    p.add_argument("--keep", action="store_true")
    o = p.parse_args()
    only = set(filter(None, o.only.split(",")))
    print("seed %d" % o.seed, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
    tmp = tempfile.mkdtemp(prefix="loa-edits-",
                           dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    start, edits, good, bad, number = time.time(), 0, 0, 0, o.first
    builds = good_builds = 0
    made = {name: 0 for name in mutate.BY_NAME}
    try:
        while edits < o.edits and time.time() - start < o.seconds and bad < o.failures:
            r = random.Random("%d %d" % (o.seed, number))
            rounds = [Round(r, only, number * o.rounds + i) for i in range(o.rounds)]
            sequence = Sequence(rounds, os.path.join(tmp, "s"), number % 4 != 3)
            try:
                sequence.run()
                good += 1
            except Wrong as e:
                bad += 1
                done = len(sequence.said)
                found = (sequence, str(e))
                short = rounds[:done]
                if o.shorten:
                    short, found = shorten(short, found, os.path.join(tmp, "s"), o.shorten)
                report(o.seed, number, short, found)
            for name, n in sequence.made.items():
                made[name] += n
            edits = sum(made.values())
            builds += sequence.builds
            good_builds += sequence.good_builds
            number += 1
    finally:
        if o.keep:
            print("kept: %s" % tmp)
        else:
            shutil.rmtree(tmp, ignore_errors=True)
    print("%d edits in %d sequences, %d s; %d of %d builds were good" %
          (edits, good + bad, time.time() - start, good_builds, builds))
    print(", ".join("%s %d" % item for item in made.items()))
    never = [name for name, n in made.items() if not n and (not only or name in only)]
    if edits < o.least and not bad:
        bad += 1
        print("FAIL  %d edits in %d s, not %d" % (edits, o.seconds, o.least))
    if edits >= 1000 and never:
        bad += 1
        print("FAIL  never made: " + ", ".join(never))
    print("%d passed, %d failed" % (good, bad))
    return bad > 0 or good == 0


if __name__ == "__main__":
    sys.exit(main())
