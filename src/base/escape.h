// Every way loa has to make text safe inside other text: one function for each
// context, none of which relies on another having run before.
#ifndef LOA_BASE_ESCAPE_H
#define LOA_BASE_ESCAPE_H

#include "base/str.h"

void escape_html(Buf *out, Str s); // text and quoted attributes: & < > " '
void escape_xml(Buf *out, Str s);  // the same, drops what XML 1.0 forbids
// A JSON string, quotes included, safe inside <script>: < > & U+2028 U+2029
// as \uXXXX.
void escape_json(Buf *out, Str s);
// Percent-encodes what may not stand in a URL as it is (RFC 3986), keeping
// reserved characters and valid %XX.
void escape_url(Buf *out, Str s);
// The byte that a %XX at `i` stands for; -1 when there is none.
int escape_byte(Str s, size_t i);
// True only for a URL without ? # and % that escape_url leaves as it is.
bool escape_is_plain_url(Str s);
// As one path segment or query value: only unreserved characters stay.
void escape_url_part(Buf *out, Str s);
// RFC 5545 3.3.11 TEXT: \ ; , and newline; other control characters dropped.
void escape_ical(Buf *out, Str s);
// For a terminal: control characters and invalid bytes as \x1b.
void escape_terminal(Buf *out, Str s);

// The one URL filter, for Markdown and front matter alike. Gives the URL to
// write (percent-encoded, not yet attribute-escaped), or false: a scheme
// outside http, https, mailto, tel, "//host", a backslash in the path, control
// characters, data:. Relative URLs and fragments pass.
bool escape_safe_url(Arena *a, Str url, Str *out);

#endif
