// Writing XML. Text and attribute values are escaped by the writer, so that a
// raw string cannot reach the document.
#ifndef LOA_RENDER_XML_H
#define LOA_RENDER_XML_H

#include "base/str.h"

void xml_begin(Buf *out); // the declaration
void xml_open(Buf *out, const char *name);
void xml_close(Buf *out, const char *name);
void xml_text(Buf *out, const char *name, Str text); // <name>text</name>

// One element with attributes; `attrs` is name, value, ... ending with an
// empty name. `text` empty: <name a="b"/>.
void xml_element(Buf *out, const char *name, const Str *attrs, Str text);

#endif
