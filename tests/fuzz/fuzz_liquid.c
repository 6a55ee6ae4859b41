// The first byte chooses the mode and whether output is escaped; then comes a
// template and, after a line "====", a partial called `p`. Both are read
// against fixed data, with small limits. What is written must be valid UTF-8,
// and what fails must say why.
#include <stdlib.h>

#include "base/json.h"
#include "base/text.h"
#include "render/eval.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char json[] =
    "{\"a\":[1,2.5,\"ba\",null,true,{\"x\":\"y\"},[3,[4]]],"
    "\"s\":\"L\\u00ea & <An>\\n\",\"n\":-7,\"f\":10.25,\"e\":\"\",\"o\":{},"
    "\"page\":{\"title\":\"B\\u00e0i\",\"date\":\"2026-11-21 08:30\","
    "\"items\":[{\"t\":\"b\",\"v\":2},{\"t\":\"a\",\"v\":1},{\"t\":null}]},"
    "\"site\":{\"title\":\"Tin\"},\"clock\":{\"year\":2026},\"lang\":\"vi\"}";

static Source *source(Arena *a, Str name, Str text) {
    Source *src = ARENA_NEW(a, Source);
    *src = (Source){.path = name, .rel = name, .text = text};
    return src;
}

static void run(Job *job, Str all, LiquidMode mode, bool no_escape) {
    TemplateSet set = {{.arena = job->keep}};
    Template main_one, partial;
    size_t cut = str_find(all, S("\n====\n"), 0);
    Str first = str_slice(all, 0, cut), second = {0};
    if (cut != SIZE_MAX)
        second = str_slice(all, cut + 6, all.len);
    bool good =
        liquid_parse(job, source(job->keep, S("p"), second), mode, &partial);
    if (good)
        map_add(&set.by_name, S("p"), &partial);
    good &=
        liquid_parse(job, source(job->keep, S("a"), first), mode, &main_one);
    if (!good) {
        if (!job->diags->errors)
            abort();
        return;
    }
    map_add(&set.by_name, S("a"), &main_one);
    template_link(job, &set);
    Value values;
    if (!json_parse(job, job->keep, S("data"), str_from(json), &values))
        abort();
    EvalEnv env = {.templates = &set,
                   .lang = S("vi"),
                   .zone = 420,
                   .now = {1795219200, 420, DATE_SECOND},
                   .no_escape = no_escape,
                   .max_steps = 2000,
                   .max_bytes = 200000};
    Buf out = {.arena = job->scratch};
    job->diags->errors = 0;
    good = eval_template(job, &env, &main_one, &values, S("x"), &out);
    if (!good && !job->diags->errors)
        abort();
    if (text_invalid_at(buf_str(&out)) != SIZE_MAX)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Str text = str_slice((Str){(const char *)data, size}, 1, size);
    if (!size || text_invalid_at(text) != SIZE_MAX)
        return 0;
    Arena *keep = arena_new(), *scratch = arena_new();
    Diags diags = {.arena = keep};
    Job job = {keep, scratch, &diags, NULL};
    run(&job, text, data[0] & 1 ? LIQUID_PLAIN : LIQUID_SITE, data[0] & 2);
    arena_free(scratch);
    arena_free(keep);
    return 0;
}
