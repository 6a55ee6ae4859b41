// base64 and URL encoding.
#include "base/escape.h"
#include "base/text.h"
#include "render/eval_run.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static Str encode(Arena *a, Str s, const char *digits) {
    Buf out = {.arena = a};
    for (size_t i = 0; i < s.len; i += 3) {
        size_t n = s.len - i < 3 ? s.len - i : 3;
        uint32_t bits = 0;
        for (size_t j = 0; j < 3; j++)
            bits = bits << 8 | (j < n ? (unsigned char)s.ptr[i + j] : 0);
        char four[4] = {digits[bits >> 18 & 63], digits[bits >> 12 & 63],
                        n > 1 ? digits[bits >> 6 & 63] : '=',
                        n > 2 ? digits[bits & 63] : '='};
        buf_put(&out, (Str){four, 4});
    }
    return buf_str(&out);
}

static int digit_of(char c, const char *digits) {
    for (int i = 0; i < 64; i++)
        if (digits[i] == c)
            return i;
    return -1;
}

// Whole groups of four, padded; false for anything else.
static bool decode(Arena *a, Str s, const char *digits, Str *out) {
    Buf buf = {.arena = a};
    if (s.len % 4)
        return false;
    for (size_t i = 0; i < s.len; i += 4) {
        uint32_t bits = 0;
        bool is_last = i + 4 == s.len;
        size_t pad = 0;
        if (is_last && s.ptr[i + 3] == '=')
            pad = s.ptr[i + 2] == '=' ? 2 : 1;
        for (size_t j = 0; j < 4; j++) {
            int d = j < 4 - pad ? digit_of(s.ptr[i + j], digits) : 0;
            if (d < 0)
                return false;
            bits = bits << 6 | (uint32_t)d;
        }
        char three[3] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
        buf_put(&buf, (Str){three, 3 - pad});
    }
    *out = buf_str(&buf);
    return true;
}

static bool decode_filter(Eval *e, const FilterArgs *args, Value *v,
                          const char *digits) {
    Str out;
    if (!decode(e->arena, eval_str(e, v), digits, &out))
        return filter_error(e, args, _("this is not base64"));
    return filter_give(v, text_clean(e->arena, out));
}

bool filter_base64_encode(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return filter_give(v, encode(e->arena, eval_str(e, v), alphabet));
}

bool filter_base64_url_safe_encode(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    return filter_give(v, encode(e->arena, eval_str(e, v), url_alphabet));
}

bool filter_base64_decode(Eval *e, const FilterArgs *args, Value *v) {
    return decode_filter(e, args, v, alphabet);
}

bool filter_base64_url_safe_decode(Eval *e, const FilterArgs *args, Value *v) {
    return decode_filter(e, args, v, url_alphabet);
}

// --- URL ---

static bool is_kept(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
           c == '~';
}

bool filter_url_encode(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    static const char hex[] = "0123456789ABCDEF";
    Str s = eval_str(e, v);
    Buf out = {.arena = e->arena};
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        char code[3] = {'%', hex[c >> 4], hex[c & 15]};
        if (is_kept(s.ptr[i]))
            buf_putc(&out, s.ptr[i]);
        else if (c == ' ')
            buf_putc(&out, '+');
        else
            buf_put(&out, (Str){code, 3});
    }
    return filter_give(v, buf_str(&out));
}

bool filter_url_decode(Eval *e, const FilterArgs *args, Value *v) {
    (void)args;
    Str s = eval_str(e, v);
    Buf out = {.arena = e->arena};
    for (size_t i = 0; i < s.len; i++) {
        int byte = escape_byte(s, i);
        if (byte >= 0) {
            buf_putc(&out, (char)byte);
            i += 2;
        } else {
            buf_putc(&out, s.ptr[i] == '+' ? ' ' : s.ptr[i]);
        }
    }
    return filter_give(v, text_clean(e->arena, buf_str(&out)));
}
