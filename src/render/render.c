#include "render/render.h"

#include "base/text.h"
#include "render/body.h"
#include "render/feed.h"
#include "render/ical.h"
#include "render/sitemap.h"
#include "render/view.h"

bool render_facts(Job *job, World *w, const Page *page) {
    Str html;
    return body_render(job, w, page, false, &w->facts[page->index], &html);
}

static bool render_page(Job *job, World *w, const Output *out, Buf *to) {
    View view = {.job = job, .world = w, .out = out};
    const Page *page = out->page;
    Facts *facts = out->is_first_wave ? &w->facts[page->index] : NULL;
    if (!body_render(job, w, page, false, facts, &view.html))
        return false;
    EvalEnv env = {.templates = w->layouts,
                   .host = &w->hosts[page->lang],
                   .memo = w->memo,
                   .lang = w->site->editions[page->lang].language->key,
                   .now = w->site->now,
                   .zone = w->site->cfg->zone};
    Value globals = view_globals(&view);
    return eval_template(job, &env, out->layout, &globals, out->url, to);
}

static bool render_feed(Job *job, World *w, const Output *out, Buf *to) {
    Feed feed;
    if (!feed_make(job, w, out, &feed))
        return false;
    if (out->kind == OUT_RSS)
        feed_rss(&feed, job, to);
    else if (out->kind == OUT_ATOM)
        feed_atom(&feed, job, to);
    else
        feed_json(&feed, job, to);
    return true;
}

bool render_output(Job *job, World *w, const Output *out, Str *bytes) {
    Buf to = {.arena = job->scratch};
    bool ok = true;
    buf_reserve(&to, 16 * 1024);
    switch (out->kind) {
    case OUT_PAGE:
        ok = render_page(job, w, out, &to);
        break;
    case OUT_RSS:
    case OUT_ATOM:
    case OUT_JSONFEED:
        ok = render_feed(job, w, out, &to);
        break;
    case OUT_ICAL:
        ical_calendar(job, w, out, &to);
        break;
    case OUT_SITEMAP:
        sitemap_xml(job, w, out, &to);
        break;
    case OUT_SITEMAP_INDEX:
        sitemap_index(job, w, out, &to);
        break;
    case OUT_SITEMAP_NEWS:
        sitemap_news(job, w, out, &to);
        break;
    case OUT_ROBOTS:
        sitemap_robots(job, w, &to);
        break;
    case OUT_ALIAS:
        sitemap_alias(job, w, out->page, &to);
        break;
    case OUT_COPY:
    case OUT_NKINDS:
        break;
    }
    *bytes = buf_str(&to);
    return ok;
}
