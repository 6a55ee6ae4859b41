#include "render/xml.h"

#include "base/escape.h"

void xml_begin(Buf *out) {
    buf_put(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"));
}

void xml_open(Buf *out, const char *name) {
    buf_putc(out, '<');
    buf_put(out, str_from(name));
    buf_put(out, S(">\n"));
}

void xml_close(Buf *out, const char *name) {
    buf_put(out, S("</"));
    buf_put(out, str_from(name));
    buf_put(out, S(">\n"));
}

void xml_element(Buf *out, const char *name, const Str *attrs, Str text) {
    buf_putc(out, '<');
    buf_put(out, str_from(name));
    for (; attrs && attrs[0].len; attrs += 2) {
        buf_putc(out, ' ');
        buf_put(out, attrs[0]);
        buf_put(out, S("=\""));
        escape_xml(out, attrs[1]);
        buf_putc(out, '"');
    }
    if (!text.len) {
        buf_put(out, S("/>\n"));
        return;
    }
    buf_putc(out, '>');
    escape_xml(out, text);
    xml_close(out, name);
}

void xml_text(Buf *out, const char *name, Str text) {
    buf_putc(out, '<');
    buf_put(out, str_from(name));
    buf_putc(out, '>');
    escape_xml(out, text);
    xml_close(out, name);
}
