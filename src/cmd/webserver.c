#include "cmd/webserver.h"

#define TYPE(type, endings)                                                    \
    { S_INIT(type), S_INIT(endings) }

const WebType web_types[] = {
    TYPE("text/html", "html htm"),
    TYPE("text/css", "css"),
    TYPE("text/javascript", "js mjs"),
    TYPE("text/calendar", "ics"),
    TYPE("text/csv", "csv"),
    TYPE("text/plain", "txt md"),
    TYPE("text/vtt", "vtt"),
    TYPE("application/xml", "xml xsl"),
    TYPE("application/json", "json map"),
    TYPE("application/manifest+json", "webmanifest"),
    TYPE("application/pdf", "pdf"),
    TYPE("application/zip", "zip"),
    TYPE("application/msword", "doc"),
    TYPE("application/vnd.ms-excel", "xls"),
    TYPE("application/vnd.ms-powerpoint", "ppt"),
    TYPE("application/vnd.openxmlformats-"
         "officedocument.wordprocessingml.document",
         "docx"),
    TYPE("application/vnd.openxmlformats-"
         "officedocument.spreadsheetml.sheet",
         "xlsx"),
    TYPE("application/vnd.openxmlformats-"
         "officedocument.presentationml.presentation",
         "pptx"),
    TYPE("application/vnd.oasis.opendocument.text", "odt"),
    TYPE("application/epub+zip", "epub"),
    TYPE("application/wasm", "wasm"),
    TYPE("image/svg+xml", "svg"),
    TYPE("image/png", "png"),
    TYPE("image/jpeg", "jpg jpeg"),
    TYPE("image/webp", "webp"),
    TYPE("image/avif", "avif"),
    TYPE("image/gif", "gif"),
    TYPE("image/x-icon", "ico"),
    TYPE("font/woff2", "woff2"),
    TYPE("font/woff", "woff"),
    TYPE("audio/mpeg", "mp3"),
    TYPE("audio/mp4", "m4a"),
    TYPE("audio/ogg", "ogg oga opus"),
    TYPE("video/mp4", "mp4"),
    TYPE("video/webm", "webm"),
    TYPE("", "")};

const WebType web_feeds[] = {TYPE("application/rss+xml", "index.xml"),
                             TYPE("application/atom+xml", "atom.xml"),
                             TYPE("application/feed+json", "feed.json"),
                             TYPE("", "")};

const Str web_utf8_types[] = {S_INIT("text/css"),
                              S_INIT("text/javascript"),
                              S_INIT("text/calendar"),
                              S_INIT("text/csv"),
                              S_INIT("text/plain"),
                              S_INIT("text/vtt"),
                              S_INIT("application/xml"),
                              S_INIT("application/json"),
                              S_INIT("application/manifest+json"),
                              S_INIT("application/rss+xml"),
                              S_INIT("application/atom+xml"),
                              S_INIT("application/feed+json"),
                              S_INIT("image/svg+xml"),
                              S_INIT("")};

const WebHeader *web_headers(Arena *a, const WebServer *s) {
    const WebHeader headers[] = {
        {S("Content-Security-Policy"), s->csp},
        {S("X-Content-Type-Options"), S("nosniff")},
        {S("Referrer-Policy"), S("strict-origin-when-cross-origin")},
        {S("Permissions-Policy"),
         S("camera=(), microphone=(), geolocation=()")},
        {S("Cross-Origin-Opener-Policy"), S("same-origin")},
        {{0}, {0}}};
    enum { N = sizeof headers / sizeof *headers };
    WebHeader *out = ARENA_ARRAY(a, WebHeader, N);
    for (size_t i = 0; i < N; i++)
        out[i] = headers[i];
    return out;
}
