// Records of the cache with any bytes in them, as if the seal were right: each
// is refused as a whole, or can be used. The first byte says what the others
// are; hashes that nobody guesses are put in.
#include <stdlib.h>
#include <string.h>

#include "base/value_pack.h"
#include "recall.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { IS_VOLATILE = 4, HAS_SHORTCODES = 8 }; // ask for a whole site

static void must(bool ok) {
    if (!ok)
        abort();
}

// A site of one page.
typedef struct {
    Job job;
    Site site;
    Page page;
    Source src;
    Recall recall;
    Prints prints;
    World world;
} Box;

static void check_said(const Box *box) {
    const Diags *d = box->job.diags;
    for (size_t i = 0; i < d->len; i++)
        must(d->items[i].level <= DIAG_ERROR && d->items[i].code);
    FILE *null = fopen("/dev/null", "w");
    must(null);
    diags_print(d, null, true);
    fclose(null);
}

static Unpack bytes_of(Str s) {
    return (Unpack){.rest = s};
}

static void fuzz_source(Box *box, Str s) {
    Str kept;
    CacheRecord record = {S("a"), s};
    Unpack u = bytes_of(s); // what the file looks like: as the record says
    unpack_small(&u);
    box->src.entry.size = unpack_small(&u);
    box->src.entry.inode = unpack_small(&u);
    box->src.entry.mtime_ns = (int64_t)unpack_int(&u);
    box->src.entry.ctime_ns = (int64_t)unpack_int(&u);
    if (!recall_source(&box->job, &box->recall, &record, &box->src, &kept))
        return;
    Unpack front = bytes_of(kept);
    Value v = value_unpack(box->job.keep, &front);
    must(!front.is_bad || v.kind == VALUE_NULL);
}

// After the flags comes the hash that is asked for.
static Str with_hash(Arena *a, Str s, unsigned off, Hash hash) {
    Buf b = {.arena = a};
    if (!s.len)
        return s;
    pack_small(&b, (unsigned char)*s.ptr & 127 & ~off);
    if (s.len > sizeof hash)
        pack_hash(&b, hash);
    buf_put(&b, str_slice(s, 1 + sizeof hash, s.len));
    return buf_str(&b);
}

static void fuzz_facts(Box *box, Str s) {
    Facts f;
    Hash key = fingerprint_facts(&box->prints, &box->page, false);
    Str value = with_hash(box->job.keep, s, IS_VOLATILE | HAS_SHORTCODES, key);
    CacheRecord record = {S("a"), value};
    RecallWorld rw = {&box->recall, &box->world, &box->prints};
    if (!recall_facts(&box->job, &rw, &record, &box->page, true, &f))
        return;
    for (size_t i = 0; i < f.nheadings; i++)
        must(f.headings[i].level >= 1 && f.headings[i].level <= 6);
    for (size_t i = 0; i < f.nlinks; i++)
        must(f.links[i].target == &box->page);
    markdown_toc(box->job.scratch, f.headings, f.nheadings, 1, 6);
}

static void fuzz_output(Box *box, Str s) {
    OutputRecord made;
    Fingerprint print = {.sum = {1, 2}};
    Output out = {.kind = OUT_PAGE, .page = &box->page, .path = S("a")};
    Str value = with_hash(box->job.keep, s, IS_VOLATILE, print.sum);
    CacheRecord record = {S("a"), value};
    RecallWorld rw = {&box->recall, &box->world, &box->prints};
    recall_output(&record, &made);
    if (recall_doubt(&box->job, &rw, &record, &out, &print) == DOUBT_NONE)
        recall_say_output(&box->job, &record);
}

static void fuzz_said(Box *box, Str s) {
    if (recall_can_say(&box->recall, bytes_of(s)))
        recall_say(&box->job, bytes_of(s));
}

static void fuzz_trace(Box *box, Str s) {
    Trace t;
    Unpack u = bytes_of(s), skipped = bytes_of(s);
    if (!trace_unpack(box->job.scratch, &box->world, &box->page, &u, &t))
        return;
    trace_skip(&skipped);
    must(!skipped.is_bad && skipped.rest.len == u.rest.len);
    Buf b = {.arena = box->job.scratch};
    trace_pack(&b, &t, t.len, &box->page);
}

static void run(Box *box, char kind, Str s) {
    switch (kind % 5) {
    case 0:
        fuzz_source(box, s);
        break;
    case 1:
        fuzz_facts(box, s);
        break;
    case 2:
        fuzz_output(box, s);
        break;
    case 3:
        fuzz_said(box, s);
        break;
    default:
        fuzz_trace(box, s);
        break;
    }
    check_said(box);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *keep = arena_new(), *scratch = arena_new();
    Diags diags = {.arena = keep};
    Box box = {.job = {keep, scratch, &diags, NULL}};
    box.src = (Source){.kind = SOURCE_CONTENT, .path = S("a.md")};
    box.page = (Page){.src = &box.src, .url = S("/a/")};
    box.site.by_url.arena = keep;
    map_add(&box.site.by_url, S("/a/"), &box.page);
    box.world.site = &box.site;
    Hash stub = {1, 2};
    box.prints = (Prints){.site = &box.site, .stubs = &stub};
    box.recall.is_same_env = true;
    if (size)
        run(&box, (char)(data[0] & 127),
            (Str){(const char *)data + 1, size - 1});
    arena_free(keep);
    arena_free(scratch);
    return 0;
}
