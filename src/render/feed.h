// What a feed says, once for all its forms: RSS 2.0, Atom 1.0, JSON Feed 1.1.
// Absolute addresses, ids that stay when a title or an address changes, the
// newest entry's date instead of the build's. Texts are as they were written:
// each form drops what it cannot hold.
#ifndef LOA_RENDER_FEED_H
#define LOA_RENDER_FEED_H

#include "render/world.h"

typedef struct {
    Str id;                  // tag:HOST,YEAR:TYPE/ID (RFC 4151)
    Str title, url, summary; // text
    Str html;                // the whole piece; empty unless feeds are full
    Date published, updated; // in the site's zone; may be unset
    Strs authors, categories;
    Str image; // absolute address of the lead image
    Enclosure enclosure;
    bool has_enclosure;
} FeedEntry;

typedef struct {
    Str title, description, lang, author;
    Str id, url, self; // of the list, of this file
    Date updated;
    FeedEntry *entries;
    size_t len;
} Feed;

// Everything lies in job->scratch. False when a body could not be rendered.
bool feed_make(Job *job, const World *w, const Output *out, Feed *feed);

// feed_rss.c, feed_atom.c, feed_json.c
void feed_rss(const Feed *feed, Job *job, Buf *to);
void feed_atom(const Feed *feed, Job *job, Buf *to);
void feed_json(const Feed *feed, Job *job, Buf *to);

#endif
