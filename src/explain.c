#include "explain.h"

#include "base/nearest.h"
#include "model/url.h"

// "https://tin.example/doan/a/", "/doan/a/", "/a/" and "a/" are one.
static Str site_path(Arena *a, const Config *cfg, Str url) {
    Str base = url_absolute(a, cfg, S("/"));
    if (str_starts(url, base))
        url = str_slice(url, base.len - 1, url.len);
    url = url_decoded(a, url);
    Str prefix = str_fmt(a, "%.*s/", STR_ARG(cfg->base_path));
    if (cfg->base_path.len && str_starts(url, prefix))
        url = str_slice(url, cfg->base_path.len, url.len);
    return str_starts(url, S("/")) ? url : str_fmt(a, "/%.*s", STR_ARG(url));
}

static const Output *find(const Plan *plan, Str path) {
    for (size_t i = 0; i < plan->len; i++)
        if (str_eq(plan->items[i].path, path))
            return &plan->items[i];
    return NULL;
}

static Str shown(Arena *a, Str path) {
    if (str_eq(path_base(path), S("index.html")))
        path = str_slice(path, 0, path.len - 10);
    return str_fmt(a, "/%.*s", STR_ARG(path));
}

static bool say_unknown(Job *job, const Plan *plan, Str asked, Str path) {
    Strs all = {ARENA_ARRAY(job->scratch, Str, plan->len), plan->len};
    for (size_t i = 0; i < plan->len; i++)
        all.items[i] = shown(job->scratch, plan->items[i].path);
    diag_error(job->diags, "E-EXPLAIN", (Pos){.path = S("--explain")},
               _("the site has no '%.*s'"), STR_ARG(asked));
    Str near = nearest(path, all);
    if (near.len)
        diag_hint(job->diags, _("did you mean %.*s?"), STR_ARG(near));
    else
        diag_hint(job->diags, _("give the address of a page, such as "
                                "/tin-tuc/, or the path of a file below the "
                                "output folder"));
    return false;
}

static void mark(Job *job, Explanations *e, const Plan *plan, size_t i) {
    if (!e->by_output[i])
        e->by_output[i] = ARENA_NEW(job->keep, Explained);
    e->by_output[i]->path = plan->items[i].path;
}

static bool find_one(Job *job, const Site *site, const Plan *plan, Str url,
                     Explanations *e) {
    Str path = site_path(job->scratch, site->cfg, url);
    const Output *out = find(plan, url_to_path(job->scratch, path));
    if (!out)
        return say_unknown(job, plan, url, path);
    bool is_page = out->kind == OUT_PAGE && !str_ends(path, S(".html"));
    for (size_t i = 0; i < plan->len; i++) {
        const Output *other = &plan->items[i];
        if (other == out ||
            (is_page && other->page == out->page && other->kind != OUT_COPY))
            mark(job, e, plan, i);
    }
    return true;
}

bool explain_find(Job *job, const Site *site, const Plan *plan,
                  const Strs *urls, Explanations *out) {
    bool ok = true;
    *out = (Explanations){0};
    out->by_output = ARENA_ARRAY(job->keep, Explained *, plan->len);
    for (size_t i = 0; i < urls->len; i++)
        ok = find_one(job, site, plan, urls->items[i], out) && ok;
    return ok;
}

// Which parts of two fingerprints differ, as bits.
static unsigned parts_of(const Fingerprint *a, const Fingerprint *b) {
    unsigned bits = 0;
    for (unsigned i = 0; i < PRINT_NPARTS; i++)
        bits |= (unsigned)(a->parts[i] != b->parts[i]) << i;
    return bits;
}

static void explain_step(Job *job, const Waves *w, const Step *step,
                         Explained *e) {
    RecallWorld rw = waves_recall(w);
    Prints prints = w->prints;
    OutputRecord known;
    if (step->page) // as it was decided, in the first wave
        prints_learn(job, NULL, &prints);
    e->is_made = step_is_made(step);
    e->doubt = step->doubt;
    if (e->doubt == DOUBT_PRINT && recall_output(step->known, &known)) {
        Fingerprint now = fingerprint_output(job->scratch, &prints, step->out);
        e->parts = parts_of(&known.print, &now);
    }
    if (e->doubt == DOUBT_ANSWERS)
        e->asked = recall_asked(job, &rw, step->known, step->out);
}

void explain_end(Job *job, const Waves *w, Explanations *e) {
    for (size_t i = 0; i < w->from[2]; i++) {
        const Step *step = &w->steps[i];
        Explained *own = step->out ? e->by_output[step->slot] : NULL;
        if (own)
            explain_step(job, w, step, own);
    }
    e->items = ARENA_ARRAY(job->keep, Explained, w->plan->len);
    for (size_t i = 0; i < w->plan->len; i++)
        if (e->by_output[i])
            e->items[e->len++] = *e->by_output[i];
}

const char *explain_part_name(PrintPart part) {
    static const char *const names[] = {
        [PRINT_SITE] = "site",   [PRINT_LAYOUT] = "layout",
        [PRINT_CLOCK] = "clock", [PRINT_FRONT] = "front",
        [PRINT_BODY] = "body",   [PRINT_AROUND] = "around",
        [PRINT_LIST] = "list",   [PRINT_FILE] = "file",
    };
    return names[part];
}

const char *explain_part_words(PrintPart part) {
    static const char *const words[] = {
        [PRINT_SITE] = N_("something of the whole site: configuration, words, "
                          "menus, types, data or shortcodes"),
        [PRINT_LAYOUT] = N_("its layout, or a part the layout includes"),
        [PRINT_CLOCK] = N_("the day or year of the build"),
        [PRINT_FRONT] =
            N_("its front matter, or what it inherits from its folder"),
        [PRINT_BODY] = N_("the text of its body"),
        [PRINT_AROUND] = N_("what stands around it: neighbours, its section, "
                            "pieces it names or that name it"),
        [PRINT_LIST] = N_("what it lists"),
        [PRINT_FILE] = N_("the file that is copied"),
    };
    return words[part];
}

const char *explain_doubt_name(Doubt doubt) {
    static const char *const names[] = {
        [DOUBT_NONE] = "kept",         [DOUBT_UNKNOWN] = "no-cache",
        [DOUBT_NEW] = "new",           [DOUBT_PRINT] = "parts",
        [DOUBT_MOMENT] = "moment",     [DOUBT_ANSWERS] = "answers",
        [DOUBT_MESSAGES] = "messages", [DOUBT_FACTS] = "facts",
        [DOUBT_FILE] = "published",
    };
    return names[doubt];
}

const char *explain_doubt_words(Doubt doubt) {
    static const char *const words[] = {
        [DOUBT_NONE] = N_("nothing it depends on has changed"),
        [DOUBT_UNKNOWN] = N_("nothing is known of the last build"),
        [DOUBT_NEW] = N_("it is new"),
        [DOUBT_PRINT] = N_("something it is made of has changed"),
        [DOUBT_MOMENT] = N_("its file was written in the moment it was read, "
                            "and may have changed since"),
        [DOUBT_ANSWERS] = N_("what it asks of the site is answered otherwise"),
        [DOUBT_MESSAGES] = N_("what there is to say about it is said in "
                              "another language or at another level"),
        [DOUBT_FACTS] = N_("what is known of its text is out of date"),
        [DOUBT_FILE] = N_("the published file was missing or changed by "
                          "another hand"),
    };
    return words[doubt];
}
