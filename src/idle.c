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

// Names and times of all sources, one after the other.
static Hash hash_sources(Job *job, const Idle *in, bool *is_settled) {
    Buf b = {.arena = job->scratch};
    ArenaMark mark = arena_mark(job->scratch);
    buf_reserve(&b, in->sources->len * 128 + 256);
    pack_options(&b, in);
    *is_settled = true;
    for (size_t i = 0; i < in->sources->len; i++) {
        const Source *src = &in->sources->items[i];
        const FsEntry *e = &src->entry;
        pack_small(&b, src->kind);
        pack_str(&b, src->path);
        pack_int(&b, e->size);
        pack_int(&b, e->inode);
        pack_int(&b, (uint64_t)e->mtime_ns);
        pack_int(&b, (uint64_t)e->ctime_ns);
        *is_settled &= recall_is_settled(e, in->recall->now_ns);
    }
    Hash h = hash_bytes(buf_str(&b));
    arena_reset(job->scratch, mark);
    return h;
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
    bool is_settled;
    Buf b = {.arena = job->scratch};
    Hash sources = hash_sources(job, in, &is_settled);
    // One may change and look the same.
    if (!is_settled || says_what_passes(job->diags)) {
        cache_set_note(job, in->recall->cache, (Str){0});
        return;
    }
    pack_hash(&b, sources);
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
    bool is_settled;
    if (in->recall->state != CACHE_USED || !u.rest.len ||
        !hash_eq(unpack_hash(&u), hash_sources(job, in, &is_settled)))
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
