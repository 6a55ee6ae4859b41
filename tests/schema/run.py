#!/usr/bin/env python3
"""Real output of `loa build`, `loa list` and `loa next` as JSON against docs/schema/.

The checker knows the words the schemas use and stops at any other, so that
a schema cannot say something that nobody looks at.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LOA = os.path.realpath(os.environ.get("LOA", os.path.join(TOP, "build/san/loa")))
CLOCK = "2026-11-21T08:00:00+07:00"
SILENT = {"$schema", "$id", "title", "description", "$defs"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
passed = failed = 0


def wrong(schema, root, value, at):
    """The first thing wrong, or None."""
    if "$ref" in schema:
        found = wrong(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, value, at)
        if found:
            return found
    for word, says in schema.items():
        found = None
        if word in SILENT or word == "$ref":
            continue
        if word == "type":
            good = isinstance(value, TYPES[says]) and isinstance(value, bool) == (says == "boolean")
            found = None if good else "is no " + says
        elif word == "enum":
            found = None if value in says else "is not one of %r" % says
        elif word == "minimum":
            found = None if value >= says else "is too small"
        elif word == "minLength":
            found = None if len(value) >= says else "is too short"
        elif word == "pattern":
            found = None if re.search(says, value) else "is not " + says
        elif word == "required":
            missing = [k for k in says if k not in value]
            found = "lacks " + missing[0] if missing else None
        elif word == "additionalProperties" and says is False:
            more = [k for k in value if k not in schema["properties"]]
            found = "has an unknown " + more[0] if more else None
        elif word == "properties":
            for key in (k for k in says if k in value):
                below = wrong(says[key], root, value[key], at + "." + key)
                if below:
                    return below
        elif word == "items":
            for i, item in enumerate(value):
                below = wrong(says, root, item, "%s[%d]" % (at, i))
                if below:
                    return below
        else:
            raise SystemExit("the checker does not know the word " + word)
        if found:
            return "%s %s: %r" % (at, found, value)
    return None


def check(name, fault):
    global passed, failed
    if fault:
        failed += 1
        print("FAIL  %s\n      %s" % (name, fault))
    else:
        passed += 1


def schema(name):
    with open(os.path.join(TOP, "docs/schema", name)) as f:
        return json.load(f)


def run(site, *args):
    env = dict(os.environ, LOA_LANG="en")
    done = subprocess.run([LOA, *args, "--source", site, "--clock", CLOCK],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, timeout=120)
    return done.returncode, json.loads(done.stdout)


def make_site(folder, pieces):
    files = {"loa.yaml": "baseURL: https://tin.example/\ntitle: Tin\nlocale: vi\ntimeZone: Asia/Ho_Chi_Minh\n",
             "layouts/single.html": "{{ page.content }}", "layouts/list.html": "{{ page.title }}"}
    files.update(("content/%s.md" % k, v) for k, v in pieces.items())
    for path, text in files.items():
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)
    return folder


def main():
    build, listed, nexts = schema("build.json"), schema("list.json"), schema("next.json")
    # The checker itself can fail.
    check("the checker sees a wrong type", None if wrong(listed, listed, {}, "$") else "it did not")
    check("the checker sees what is missing", None if wrong(listed, listed, [{}], "$") else "it did not")
    check("the checker sees too much", None if wrong(build["$defs"]["message"], build, {"x": 1}, "$") else "it did not")
    piece = "---\ntitle: \"%s\"\n%s---\nText.\n"
    with tempfile.TemporaryDirectory() as tmp:
        good = make_site(tmp + "/good", {
            "a": piece % ("A \\\"B\\\" <C>, Đ \U0001f600", "date: 2026-11-20\n"),
            "b": piece % ("Nháp", "draft: true\npublishDate: 2027-01-01\n"),
            "c": piece % ("Cũ", "expiryDate: 2020-01-01\n")})
        bad = make_site(tmp + "/bad", {"a": piece % ("A", "date: hôm qua\n"), "b": "[x](khong-co.md)"})
        code, out = run(good, "build", "--json")
        check("build of a good site", wrong(build, build, out, "$") or (code and "exit code %d" % code))
        check("result is the exit code", None if out["result"] == code else out["result"])
        check("pages are counted", None if out["pages"] >= 2 and out["files"] >= out["written"] > 0 else out)
        code, out = run(good, "build", "--json", "--quiet")
        check("build again", wrong(build, build, out, "$") or (out["written"] and "written again"))
        code, out = run(good, "build", "--json", "--explain", "/a/")
        check("explain", wrong(build, build, out, "$") or (code and "exit code %d" % code))
        check("it is explained", None if [e["reason"] for e in out["explained"]] == ["kept"] else out)
        code, out = run(good, "build", "--json", "--verify")
        check("verify", wrong(build, build, out, "$") or (code and "exit code %d" % code))
        check("nothing differs", None if out["differences"] == [] else out["differences"])
        with open(good + "/public/a/index.html", "a") as f:
            f.write("x")
        code, out = run(good, "build", "--json", "--verify")
        check("verify finds", wrong(build, build, out, "$") or (code != 5 and "exit code %d" % code))
        check("and names it", None if [d["path"] for d in out["differences"]] == ["a/index.html"] else out)
        code, out = run(bad, "build", "--json")
        check("build with errors", wrong(build, build, out, "$") or (code != 1 and "exit code %d" % code))
        check("the errors are in it", None if any(m["level"] == "error" and m["line"] for m in out["messages"]) else out)
        code, out = run(tmp, "build", "--json")
        check("build of no site", wrong(build, build, out, "$") or (code == 0 and "exit code 0"))
        for state in ("all", "drafts", "future", "expired", "published"):
            code, out = run(good, "list", state, "--json")
            check("list " + state, wrong(listed, listed, out, "$") or (not out and "it is empty"))
        code, out = run(good, "list", "--json")
        states = sorted(row["state"] for row in out)
        check("states", None if states == ["draft+future", "expired", "published"] else states)
        timed = make_site(tmp + "/timed", {"a": piece % ("A", "publishDate: 2026-12-01\nexpiryDate: 2026-12-03\n")})
        code, out = run(timed, "next", "--all", "--json")
        check("next", wrong(nexts, nexts, out, "$") or (code and "exit code %d" % code))
        whys = [i["reasons"][0]["why"] for i in out["instants"]]
        check("what comes next", None if whys == ["published", "expires"] else whys)
        code, out = run(bad, "next", "--json")
        check("next with errors", wrong(nexts, nexts, out, "$") or (code != 1 and "exit code %d" % code))
        code, out = run(bad, "list", "--json")
        check("list with errors", wrong(listed, listed, out, "$"))
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


sys.exit(main())
