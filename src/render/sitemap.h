// Sitemaps, robots.txt and the stub pages of aliases.
#ifndef LOA_RENDER_SITEMAP_H
#define LOA_RENDER_SITEMAP_H

#include "render/world.h"

void sitemap_xml(Job *job, const World *w, const Output *out, Buf *to);
void sitemap_index(Job *job, const World *w, const Output *out, Buf *to);
void sitemap_news(Job *job, const World *w, const Output *out, Buf *to);
void sitemap_robots(Job *job, const World *w, Buf *to);
void sitemap_alias(Job *job, const World *w, const Page *page, Buf *to);

#endif
