#!/usr/bin/env python3
"""Whatever has become of the cache, a build gives what a full one gives.

  LOA=build/san/loa LOA_RELEASE=build/loa tests/cache/run.py

- COPIES (2,000) damaged copies of a real cache, a tenth of them under the
  sanitizers: cut, flipped, swapped, empty, of another time. The cache is of an
  older state of the site, so that a record wrongly believed is seen.
- A cache that may be read and not written.
- KILLS (300) builds killed at random moments after random edits, and builds
  killed or failed at each call that writes the cache.
- Two builds at once.

SEED repeats a run.
"""
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAN = os.path.realpath(os.environ.get("LOA", os.path.join(TOP, "build/san/loa")))
RELEASE = os.path.realpath(os.environ.get("LOA_RELEASE", os.path.join(TOP, "build/loa")))
COPIES = int(os.environ.get("COPIES", "2000"))
KILLS = int(os.environ.get("KILLS", "300"))
SEED = os.environ.get("SEED", str(random.randrange(10 ** 9)))
FILES = ["data.mdb", "seal", "note"]
FULL = {"none", "damaged", "foreign"}
rnd = random.Random(SEED)
passed = failed = 0


def check(name, wrong):
    global passed, failed
    passed += not wrong
    failed += bool(wrong)
    if wrong:
        print("FAIL  %s (SEED=%s)\n      %s" % (name, SEED, wrong), flush=True)


# --- the site

def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)


def page(title, tags, body):
    return "---\ntitle: %s\ndate: 2026-11-0%d\ntags: [%s]\n---\n%s\n" % (
        title, rnd.randint(1, 9), ", ".join(tags), body)


def make_site(at):
    put(at + "/loa.yaml", "baseURL: https://tin.example/\ntitle: Tin\nlanguageCode: vi\n"
        "timeZone: Asia/Ho_Chi_Minh\ntaxonomies: {tag: tags}\n"
        "checks: {E-FRAGMENT: warning, E-LINK: warning}\n")
    put(at + "/layouts/single.html", "<h1>{{ page.title }}</h1>{{ page.content }}\n")
    put(at + "/layouts/list.html", "{% for p in page.pages %}<a href=\"{{ p.url }}\">"
        "{{ p.title }}</a> {{ p.summary }}\n{% endfor %}\n")
    put(at + "/layouts/shortcodes/dem.html", "<b>{{ page.title }}</b>\n")
    for i in range(8):
        put("%s/content/tin/bai-%d.md" % (at, i), page(
            "Bài %d" % i, ["a", "b"][:i % 3], "## Mục %d\n\nĐoạn mở đầu %d, xem [bài kia](bai-%d.md).\n\n"
            "{{< dem >}}\n\nCòn [chỗ không có](#khong-co).\n" % (i, i, (i + 1) % 8)))
    put(at + "/content/_index.md", "---\ntitle: Trang chủ\n---\n")
    put(at + "/static/kieu.css", "p {}\n")


def pieces(at):
    return [os.path.join(at, "content/tin", n) for n in sorted(os.listdir(at + "/content/tin"))]


def edit(at):
    """One random edit."""
    what, one = rnd.randrange(8), rnd.choice(pieces(at))
    text = open(one).read()
    if what == 0:
        put(one, text + "\nThêm %d.\n" % rnd.randrange(1000))
    elif what == 1:
        put(one, re.sub("title: .*", "title: Tên %d" % rnd.randrange(1000), text))
    elif what == 2 and len(pieces(at)) > 6:
        os.unlink(one)
    elif what == 3:
        put("%s/content/tin/moi-%d.md" % (at, rnd.randrange(20)), page("Mới %d" % rnd.randrange(99), ["a"], "Mới."))
    elif what == 4:
        put(at + "/static/kieu.css", "p {margin: %dpx}\n" % rnd.randrange(1000))
    elif what == 5:
        put(at + "/layouts/single.html", "<h1>{{ page.title }}</h1>{{ page.content }}<!-- %d -->\n" % rnd.randrange(99))
    elif what == 6:
        put(one, re.sub("Đoạn mở đầu", "Đoạn mở đầu khác", text, count=1))
    else:
        os.utime(one)


# --- building and looking

def command(loa, at, out, *more):
    return [loa, "build", "--json", "-j", "2", "-s", at, "-d", out, "--clock",
            "2026-11-21T08:00:00+07:00", "--allow-mass-removal", *more]


def build(loa, at, out, *more):
    p = subprocess.run(command(loa, at, out, *more), capture_output=True, text=True, timeout=120,
                       env=dict(os.environ, LOA_LANG="en"))
    try:
        said = json.loads(p.stdout)
    except ValueError:
        said = {"cache": "no JSON: " + p.stdout[:80], "messages": []}
    return p.returncode, said, p.stderr


def tree(at):
    found = {}
    for base, _, names in os.walk(at):
        for name in names:
            path = os.path.join(base, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, at)] = f.read()
    return found


def unlike(a, b):
    names = sorted(n for n in a.keys() | b.keys() if a.get(n) != b.get(n))
    return "differs: " + ", ".join(names[:5]) if names else None


def full(work, at):
    """What a build without a last one gives: its tree and what it says."""
    ref = work + "/full"
    shutil.rmtree(ref, ignore_errors=True)
    os.mkdir(ref)
    shutil.copytree(at, ref + "/site", ignore=shutil.ignore_patterns(".loa"))
    code, said, _ = build(RELEASE, ref + "/site", ref + "/out")
    if code:
        raise SystemExit("a full build of the site failed: %s" % said)
    return tree(ref + "/out"), said["messages"]


def judge(result, out, wanted, states, after_kill=False):
    code, said, err = result
    if code:
        return "code %d: %s" % (code, err[:2000])
    if said["cache"] not in states:
        return "cache: %s, not %s" % (said["cache"], "/".join(sorted(states)))
    # What a killed build left is finished, and that is said once.
    messages = [m for m in said["messages"] if m["code"] != "E-JOURNAL" or not after_kill]
    return unlike(tree(out), wanted[0]) or (messages != wanted[1] and "says %s" % messages)


# --- damaged copies

def read_cache(at):
    found = {}
    for name in FILES:
        with open("%s/.loa/cache/%s" % (at, name), "rb") as f:
            found[name] = f.read()
    return found


def flip(data):
    data = bytearray(data)
    for _ in range(rnd.choice([1, 1, 1, 2, 50])):
        data[rnd.randrange(len(data))] ^= 1 << rnd.randrange(8)
    return bytes(data)


def damaged(cache, later, i):
    """The i-th damaged copy: files by name, None for one that is gone."""
    files = dict(cache)
    name = rnd.choice(["data.mdb", "data.mdb", "seal", "seal", "note"])
    small = [(n, k) for n in FILES for k in range(64)]
    if i % 3 == 0 and i // 3 < len(small):
        name, k = small[i // 3]
        files[name] = files[name][:k]
        return files
    what = rnd.randrange(10)
    if what < 3:
        files[name] = files[name][:rnd.randrange(len(files[name]))]
    elif what < 7:
        files[name] = flip(files[name])
    elif what == 7:
        files[name] = rnd.choice([None, b"", b"\0" * len(files[name]), rnd.randbytes(rnd.randrange(1, 9000))])
    elif what == 8:
        files[name] = cache[rnd.choice(FILES)]
    else:
        files[name] = later[name]
    if rnd.random() < 0.1:
        files["seal"] = flip(files["seal"] or b"x")
    return files


def write_cache(at, files):
    folder = at + "/.loa/cache"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, data in files.items():
        if data is not None:
            with open(folder + "/" + name, "wb") as f:
                f.write(data)


def test_damage(work):
    at, old, out = work + "/site", work + "/old", work + "/run/out"
    shutil.rmtree(at, ignore_errors=True)
    make_site(at)
    os.mkdir(old)
    time.sleep(0.1)  # what was written just now is not believed
    build(RELEASE, at, old + "/out")
    cache = read_cache(at)
    for _ in range(4):
        edit(at)
    wanted = full(work, at)
    result = build(RELEASE, at, old + "/later")
    check("the undamaged cache", judge(result, old + "/later", wanted, {"used"}))
    later = read_cache(at)
    bad = []
    for i in range(COPIES):
        files = damaged(cache, later, i)
        write_cache(at, files)
        shutil.rmtree(work + "/run", ignore_errors=True)
        if rnd.random() < 0.9:
            shutil.copytree(old, work + "/run", ignore=shutil.ignore_patterns("*later*"))
        else:
            os.mkdir(work + "/run")
        whole = all(files[n] == cache[n] for n in ("data.mdb", "seal"))
        whole = whole or all(files[n] == later[n] for n in ("data.mdb", "seal"))
        # The sanitized program is another version: it gets a cache of its own.
        loa = SAN if i % 10 == 0 else RELEASE
        states = {"used"} if whole and loa == RELEASE else FULL
        found = judge(build(loa, at, out), out, wanted, states)
        if found:
            bad.append("copy %d: %s" % (i, found))
            break
    check("%d damaged copies" % COPIES, bad and bad[0])


def test_damage_sanitized(work):
    """The same with a cache that the sanitized program has written itself."""
    global RELEASE, COPIES
    was = RELEASE, COPIES
    RELEASE, COPIES = SAN, COPIES // 10
    try:
        test_damage(work)
    finally:
        RELEASE, COPIES = was


# --- read-only

NOBODY = 65534


def as_nobody(args):
    """By one who may write the output and not the cache; root may everything."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(args, capture_output=True, text=True, timeout=120,
                          env=dict(os.environ, LOA_LANG="en"), **user)


def test_readonly(work):
    at, out = work + "/site", work + "/out/o"
    os.chmod(work, 0o755)
    make_site(at)
    time.sleep(0.1)  # what was written just now is not believed
    build(RELEASE, at, work + "/first")
    os.mkdir(work + "/out")
    os.chmod(work + "/out", 0o777)
    os.chmod(at + "/.loa", 0o777)
    for name in os.listdir(at + "/.loa/cache"):
        os.chmod("%s/.loa/cache/%s" % (at, name), 0o444)
    os.chmod(at + "/.loa/cache", 0o555)
    was = read_cache(at)
    for _ in range(3):
        edit(at)
        wanted = full(work, at)
        p = as_nobody(command(RELEASE, at, out))
        found = judge((p.returncode, json.loads(p.stdout), p.stderr), out, wanted, {"readonly"})
        check("a read-only cache", found or (read_cache(at) != was and "it was written"))
    p = as_nobody([a for a in command(RELEASE, at, out) if a != "--json"])
    lines = [ln for ln in (p.stdout + p.stderr).splitlines() if ".loa" in ln]
    check("one line says it", None if len(lines) == 1 else p.stdout + p.stderr)
    os.chmod(at + "/.loa/cache", 0o755)


# --- killed

def test_kills(work):
    at, out = work + "/site", work + "/out"
    make_site(at)
    build(RELEASE, at, out)
    span, hit, states = 0.05, 0, {}
    for i in range(5 * KILLS):
        if hit == KILLS:
            break
        for _ in range(rnd.randint(1, 3)):
            edit(at)
        p = subprocess.Popen(command(RELEASE, at, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rnd.random() * span)
        p.send_signal(signal.SIGKILL)
        was_hit = p.wait() == -signal.SIGKILL
        hit += was_hit
        span = span * 1.05 if was_hit else span * 0.9 + 0.0005
        result = build(RELEASE, at, out)
        states[result[1]["cache"]] = states.get(result[1]["cache"], 0) + 1
        wanted = full(work, at)
        found = judge(result, out, wanted, {"used"} | FULL, True)
        if not found and i % 4 == 0:
            time.sleep(0.02)
            build(RELEASE, at, out)
            found = judge(build(RELEASE, at, out), out, wanted, {"used"})
        if found:
            check("kill %d" % i, found)
            return
    print("kills: %d builds hit; then the cache was %s" % (hit, states))
    check("%d kills" % KILLS, None if hit == KILLS else "only %d hit" % hit)


def strace(work, at, out, *how):
    return subprocess.run(["strace", "-f", "-qq", "-o", work + "/trace", *how, *command(RELEASE, at, out)],
                          capture_output=True, timeout=120).returncode


def test_calls(work):
    """Killed, or out of disk, at each call in the folder of the cache."""
    at, out = work + "/site", work + "/out"
    make_site(at)
    build(RELEASE, at, out)
    for call in ("pwrite64", "pwritev", "write", "unlinkat", "renameat", "openat"):
        edit(at)
        strace(work, at, out, "-e", "trace=" + call)
        total = sum(call + "(" in line for line in open(work + "/trace", errors="replace"))
        for what in ("signal=KILL", "error=ENOSPC"):
            # The cache is saved at the end.
            for n in range(max(1, total - 15), total + 1):
                if rnd.random() < 0.2:
                    shutil.rmtree(at + "/.loa")
                edit(at)
                strace(work, at, out, "-e", "trace=" + call, "-e", "inject=%s:%s:when=%d" % (call, what, n))
                wanted = full(work, at)
                found = judge(build(RELEASE, at, out), out, wanted, {"used"} | FULL, True)
                found = found or judge(build(RELEASE, at, out), out, wanted, {"used"})
                if found:
                    check("%s, number %d: %s" % (what, n, call), found)
                    return
    check("each call that writes", None)


# --- two at once

def test_two(work):
    at, out = work + "/site", work + "/out"
    make_site(at)
    build(RELEASE, at, out)
    edit(at)
    # The first is held up where it publishes, with both locks.
    first = subprocess.Popen(["strace", "-f", "-qq", "-o", work + "/trace", "-e", "trace=renameat", "-e",
                              "inject=renameat:delay_enter=1500000:when=1", *command(RELEASE, at, out)],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.7)
    with open(at + "/.loa/cache/lock") as f:
        pid = f.read().strip()
    edit(at)
    start = time.time()
    code, _, err = build(RELEASE, at, out, "--no-wait")
    check("--no-wait", None if code == 4 and "(process %s)" % pid in err else "%d: %s" % (code, err))
    result = build(RELEASE, at, out)
    waited = time.time() - start
    text = "waiting for another build of this site (process %s)\n" % pid
    check("the first", None if first.wait() == 0 else "failed")
    check("says for whom", None if text in result[2] else result[2])
    check("waits", None if waited > 0.4 else "%.2f s" % waited)
    check("and builds", judge(result, out, full(work, at), {"used"}))
    # Started together, in any order.
    for i in range(10):
        edit(at)
        if i % 3 == 0:
            shutil.rmtree(at + "/.loa", ignore_errors=True)
        both = [subprocess.Popen(command(RELEASE, at, out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                for _ in range(3)]
        errors = [p.communicate()[1] for p in both if p.poll() or True]
        if any(p.returncode for p in both):
            check("three at once", "failed: %s" % errors)
            return
    check("three at once", judge(build(RELEASE, at, out), out, full(work, at), {"used"}))


def test_limits(work):
    """Little address space: the map is made smaller, not given up."""
    at, out = work + "/site", work + "/out"
    make_site(at)
    for _ in range(2):
        p = subprocess.run(["prlimit", "--as=%d" % (3 << 30), *command(RELEASE, at, out)],
                           capture_output=True, text=True)
        edit(at)
    check("ulimit -v", None if p.returncode == 0 and json.loads(p.stdout)["cache"] == "used" else p.stdout + p.stderr)
    check("ulimit -v, then", judge(build(RELEASE, at, out), out, full(work, at), {"used"}))


def main():
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    tests = [test_damage, test_damage_sanitized, test_readonly, test_kills, test_calls, test_two, test_limits]
    if len(sys.argv) > 1:
        tests = [t for t in tests if t.__name__[5:] in sys.argv[1:]]
    for test in tests:
        work = tempfile.mkdtemp(prefix="loa-cache.", dir=base)
        start = time.time()
        try:
            test(work)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        print("%s: %.1f s" % (test.__name__[5:], time.time() - start), flush=True)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
