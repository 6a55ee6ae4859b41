#include "idle.h"

// What was asked for. Where the sources lie is known to the cache.
static void pack_options(Buf *b, const Idle *in) {
    const ConfigFlags *flags = &in->opt->flags;
    pack_str(b, flags->environment);
    pack_str(b, flags->base_url);
    pack_str(b, in->publish_dir);
    pack_small(b, (uint64_t)(flags->drafts | flags->future << 1 |
                             flags->expired << 2));
    pack_hash(b, in->cfg->hash);
    pack_hash(b, in->recall->said_by);
}

static Hash hash_of(Job *job, const Idle *in) {
    Buf b = {.arena = job->scratch};
    pack_options(&b, in);
    pack_hash(&b, in->sources->looks);
    return hash_bytes(buf_str(&b));
}

// One that is not may change and look the same.
static bool are_settled(const Idle *in) {
    for (size_t i = 0; i < in->sources->len; i++)
        if (!recall_is_settled(&in->sources->items[i].entry,
                               in->recall->now_ns))
            return false;
    return true;
}

// What a killed build left has been cleared away: that is said once.
static bool says_what_passes(const Diags *d) {
    for (size_t i = 0; i < d->len; i++)
        if (str_eq(str_from(d->items[i].code), S("E-JOURNAL")) ||
            str_eq(str_from(d->items[i].code), S("E-OUTPUT-STAGING")))
            return true;
    return false;
}

void idle_keep(Job *job, const Idle *in, const BuildStats *stats) {
    Buf b = {.arena = job->scratch};
    if (!are_settled(in) || says_what_passes(job->diags)) {
        cache_set_note(job, in->recall->cache, (Str){0});
        return;
    }
    pack_hash(&b, hash_of(job, in));
    pack_int(&b, (uint64_t)in->now.unix_seconds);
    pack_int(&b, (uint64_t)(date_is_set(stats->next) ? stats->next.unix_seconds
                                                     : INT64_MAX));
    pack_hash(&b, stats->files.manifest);
    pack_small(&b, stats->pages);
    recall_pack_said(&b, in->recall, job->diags, 0);
    cache_set_note(job, in->recall->cache, buf_str(&b));
}

bool idle_is(Job *job, Pool *pool, const Idle *in, BuildStats *stats) {
    Unpack u = {.rest = cache_note(job, in->recall->cache)};
    if (in->recall->state != CACHE_USED || !u.rest.len ||
        !hash_eq(unpack_hash(&u), hash_of(job, in)))
        return false;
    int64_t from = (int64_t)unpack_int(&u), to = (int64_t)unpack_int(&u);
    Hash manifest = unpack_hash(&u);
    size_t pages = (size_t)unpack_small(&u);
    if (u.is_bad || !recall_can_say(in->recall, u) ||
        in->now.unix_seconds < from || in->now.unix_seconds >= to ||
        !output_is_as_left(job, pool, in->publish_dir, manifest, &stats->files))
        return false;
    stats->pages = pages;
    if (to < INT64_MAX)
        stats->next = (Date){to, in->cfg->zone, DATE_SECOND};
    *job->diags =
        (Diags){.arena = job->diags->arena, .levels = job->diags->levels};
    recall_say(job, u);
    return true;
}
