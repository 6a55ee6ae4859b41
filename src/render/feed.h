// RSS 2.0 (RSS Advisory Board profile): absolute addresses, permanent guids,
// the newest entry's date instead of the build's.
#ifndef LOA_RENDER_FEED_H
#define LOA_RENDER_FEED_H

#include "render/world.h"

bool feed_rss(Job *job, const World *w, const Output *out, Buf *to);

#endif
