// SPDX-License-Identifier: MIT
// stdlib/binascii/binascii.c: bytes as text that mail and terminals let through: hexadecimal, base64, quoted-printable, uu; checksums.
#include <zlib.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/types/byte_builder.h"
#include "runtime/types/bytes.h"
#include "runtime/types/bytes_internal.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "stdlib/module_slots.h"

#define LARGE 5120             // bytes from which on a checksum lets the GIL go
#define FAIL(...) raise_error(t, as_type(t->interp->module_slots[SLOT_BINASCII_ERROR]), __VA_ARGS__)

// What a function of the a2b kind reads: ASCII text or bytes. Both are good while `buffer` and the argument are held.
typedef struct Text { const uint8_t *data; size_t length; Buffer buffer; } Text;
static void text_end(Text *text) { buffer_release(&text->buffer); }
#define OWN_TEXT __attribute__((cleanup(text_end)))
static bool text_from(Thread *t, Value v, Text *text)
{
    if (is_str(v)) {
        if (!str_is_ascii(as_str(v))) return error_false(raise_value_error(t, "string argument should contain only ASCII characters"));
        text->data = (const uint8_t *)str_text(as_str(v));
        text->length = as_str(v)->length;
        return true;
    }
    if (!is_buffer(v)) return error_false(raise_type_error(t, "argument should be bytes, buffer or ASCII string, not '%.100T'", v));
    if (!buffer_get(t, v, &text->buffer, 0)) return false;
    text->data = (const uint8_t *)text->buffer.data;
    text->length = (size_t)text->buffer.length;
    return true;
}
static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// ---- Hexadecimal
static Value b2a_hex(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    OWN Value text = bytes_hex(t, data.data, (size_t)data.length, args[1], args[2]);
    return is_error(text) ? ERROR : bytes_from(t, str_text(as_str(text)), as_str(text)->length);
}
static Value a2b_hex(Thread *t, Value self, const Value *args)
{
    OWN_TEXT Text text = {0};
    if (!text_from(t, args[0], &text)) return ERROR;
    if (text.length % 2) return FAIL("Odd-length string");
    OWN Value result = bytes_from(t, NULL, text.length / 2);
    for (size_t i = 0; !is_error(result) && i < text.length; i += 2) {
        int high = hex_digit(text.data[i]), low = hex_digit(text.data[i + 1]);
        if (high < 0 || low < 0) return FAIL("Non-hexadecimal digit found");
        bytes_data(result)[i / 2] = (char)(high << 4 | low);
    }
    return MOVE(result);
}

// ---- Base64
static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static int base64_digit(uint8_t c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}
static Value b2a_base64(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    int newline = object_truth(t, args[1]);
    if (newline < 0 || !buffer_get(t, args[0], &data, 0)) return ERROR;
    if (data.length > PTRDIFF_MAX / 2 - 3) return FAIL("Too much data for base64 line");
    size_t groups = ((size_t)data.length + 2) / 3;
    OWN Value result = bytes_from(t, NULL, groups * 4 + (newline != 0));
    if (is_error(result)) return ERROR;
    char *to = bytes_data(result);
    for (ptrdiff_t i = 0; i < data.length; i += 3) {
        ptrdiff_t rest = data.length - i;
        const uint8_t *from = (const uint8_t *)data.data + i;
        uint32_t bits = (uint32_t)from[0] << 16 | (rest > 1 ? (uint32_t)from[1] << 8 : 0) | (rest > 2 ? from[2] : 0);
        *to++ = base64_digits[bits >> 18];
        *to++ = base64_digits[bits >> 12 & 63];
        *to++ = rest > 1 ? base64_digits[bits >> 6 & 63] : '=';
        *to++ = rest > 2 ? base64_digits[bits & 63] : '=';
    }
    if (newline) *to = '\n';
    return MOVE(result);
}
// Reads digits by fours. Without `strict` whatever is no digit is passed over, and so is what follows the padding of a whole group.
static Value a2b_base64(Thread *t, Value self, const Value *args)
{
    OWN_TEXT Text text = {0};
    int strict = object_truth(t, args[1]), pads = 0;
    if (strict < 0 || !text_from(t, args[0], &text)) return ERROR;
    ByteBuilder b;
    byte_builder_start(t, &b);
    const char *complaint = strict && text.length && text.data[0] == '=' ? "Leading padding not allowed" : NULL;
    bool padded = false;
    unsigned in_group = 0;
    uint8_t left = 0;
    size_t i = 0;
    for (; i < text.length && !complaint; i++) {
        uint8_t c = text.data[i];
        if (c == '=') {
            padded = true;
            if (in_group >= 2 && in_group + (unsigned)++pads >= 4) {
                if (strict && i + 1 < text.length) complaint = "Excess data after padding";
                in_group = 0;
                break;
            }
            continue;
        }
        int digit = base64_digit(c);
        if (digit < 0) {
            if (strict) complaint = "Only base64 data is allowed";
            continue;
        }
        if (strict && padded) complaint = "Discontinuous padding not allowed";
        pads = 0;
        if (in_group) byte_builder_put(&b, (unsigned)(left << (2 * in_group) | digit >> (6 - 2 * in_group)) & 255);
        left = in_group == 3 ? 0 : (uint8_t)(digit & ((1 << (6 - 2 * in_group)) - 1));
        in_group = (in_group + 1) % 4;
    }
    if (complaint || in_group) {
        size_t whole = b.length / 3 * 4 + 1;
        byte_builder_abandon(&b);
        if (complaint) return FAIL("%s", complaint);
        if (in_group == 1) return FAIL("Invalid base64-encoded string: number of data characters (%zu) cannot be 1 more than a multiple of 4", whole);
        return FAIL("Incorrect padding");
    }
    return byte_builder_finish(&b);
}

// ---- uu: a line begins with its length; digits count from the blank
static Value a2b_uu(Thread *t, Value self, const Value *args)
{
    OWN_TEXT Text text = {0};
    if (!text_from(t, args[0], &text)) return ERROR;
    size_t length = text.length ? (size_t)((text.data[0] - ' ') & 63) : 0, at = 1;
    if (!text.length) length = 32;               // as if the line began with a NUL
    OWN Value result = bytes_from(t, NULL, length);
    if (is_error(result)) return ERROR;
    uint32_t bits = 0;
    int held = 0;
    for (size_t done = 0; done < length; at++) {
        uint8_t c = at < text.length ? text.data[at] : 0;
        if (c == '\n' || c == '\r' || at >= text.length) c = 0;         // trailing blanks may have been cut
        else if (c < ' ' || c > ' ' + 64) return FAIL("Illegal char");
        else c = (c - ' ') & 63;
        bits = bits << 6 | c;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes_data(result)[done++] = (char)(bits >> held);
        bits &= (1u << held) - 1;
    }
    for (; at < text.length; at++)
        if (text.data[at] != ' ' && text.data[at] != ' ' + 64 && text.data[at] != '\n' && text.data[at] != '\r') return FAIL("Trailing garbage");
    return MOVE(result);
}
static Value b2a_uu(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    int backtick = object_truth(t, args[1]);
    if (backtick < 0 || !buffer_get(t, args[0], &data, 0)) return ERROR;
    if (data.length > 45) return FAIL("At most 45 bytes at once");
    ByteBuilder b;
    byte_builder_start(t, &b);
    const unsigned zero = backtick ? '`' : ' ';
    byte_builder_put(&b, data.length || !backtick ? (unsigned)data.length + ' ' : '`');
    for (ptrdiff_t i = 0; i < data.length; i += 3) {
        const uint8_t *from = (const uint8_t *)data.data + i;
        ptrdiff_t rest = data.length - i;
        uint32_t bits = (uint32_t)from[0] << 16 | (rest > 1 ? (uint32_t)from[1] << 8 : 0) | (rest > 2 ? from[2] : 0);
        for (int shift = 18; shift >= 0; shift -= 6) {
            unsigned digit = bits >> shift & 63;
            byte_builder_put(&b, digit ? digit + ' ' : zero);
        }
    }
    byte_builder_put(&b, '\n');
    return byte_builder_finish(&b);
}

// ---- Quoted-printable
static Value a2b_qp(Thread *t, Value self, const Value *args)
{
    OWN_TEXT Text text = {0};
    int header = object_truth(t, args[1]);
    if (header < 0 || !text_from(t, args[0], &text)) return ERROR;
    ByteBuilder b;
    byte_builder_start(t, &b);
    for (size_t i = 0; i < text.length;) {
        uint8_t c = text.data[i++];
        if (header && c == '_') {
            byte_builder_put(&b, ' ');
        } else if (c != '=') {
            byte_builder_put(&b, c);
        } else if (i >= text.length) {
            break;
        } else if (text.data[i] == '\n' || text.data[i] == '\r') {         // a soft end of line
            while (i < text.length && text.data[i] != '\n') i++;
            if (i < text.length) i++;
        } else if (text.data[i] == '=') {                                  // broken writers: "==" for "="
            byte_builder_put(&b, '=');
            i++;
        } else if (i + 1 < text.length && hex_digit(text.data[i]) >= 0 && hex_digit(text.data[i + 1]) >= 0) {
            byte_builder_put(&b, (unsigned)(hex_digit(text.data[i]) << 4 | hex_digit(text.data[i + 1])));
            i += 2;
        } else {
            byte_builder_put(&b, '=');
        }
    }
    return byte_builder_finish(&b);
}
enum { QP_LINE = 76 };
typedef struct Quoting { const uint8_t *data; size_t length; bool tabs, text, header; } Quoting;
static bool must_quote(const Quoting *q, size_t i, size_t column)
{
    uint8_t c = q->data[i];
    bool last = i + 1 == q->length;
    if (c > 126 || c == '=' || (q->header && c == '_')) return true;
    if (c == '.' && column == 0) return last || q->data[i + 1] == '\n' || q->data[i + 1] == '\r' || q->data[i + 1] == 0;     // a lone dot ends a mail
    if (!q->text && (c == '\r' || c == '\n')) return true;
    if ((c == '\t' || c == ' ') && last) return true;
    return c < 33 && c != '\r' && c != '\n' && (q->tabs || (c != '\t' && c != ' '));
}
static void put_quoted(ByteBuilder *b, uint8_t c)
{
    byte_builder_put(b, '=');
    byte_builder_put(b, (unsigned)"0123456789ABCDEF"[c >> 4]);
    byte_builder_put(b, (unsigned)"0123456789ABCDEF"[c & 15]);
}
static void soft_break(ByteBuilder *b, bool crlf, size_t *column)
{
    byte_builder_put(b, '=');
    if (crlf) byte_builder_put(b, '\r');
    byte_builder_put(b, '\n');
    *column = 0;
}
static void quote(const Quoting *q, ByteBuilder *b)
{
    const uint8_t *first_end = q->length ? memchr(q->data, '\n', q->length) : NULL;
    bool crlf = first_end && first_end > q->data && first_end[-1] == '\r';
    size_t column = 0;
    for (size_t i = 0; i < q->length; i++) {
        uint8_t c = q->data[i];
        bool ends = q->text && (c == '\n' || (c == '\r' && i + 1 < q->length && q->data[i + 1] == '\n'));
        if (must_quote(q, i, column)) {
            if (column + 3 >= QP_LINE) soft_break(b, crlf, &column);
            put_quoted(b, c);
            column += 3;
        } else if (ends) {
            uint8_t before = b->length ? (uint8_t)b->data[b->length - 1] : 0;
            if (column && (before == ' ' || before == '\t')) {             // white space at a line's end gets lost
                b->length--;
                put_quoted(b, before);
            }
            if (crlf) byte_builder_put(b, '\r');
            byte_builder_put(b, '\n');
            if (c == '\r') i++;
            column = 0;
        } else {
            bool more = i + 1 < q->length && q->data[i + 1] != '\n';
            if (more && column + 1 >= QP_LINE) soft_break(b, crlf, &column);
            byte_builder_put(b, q->header && c == ' ' ? '_' : c);
            column++;
        }
    }
}
static Value b2a_qp(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    int flags[3];
    for (size_t i = 0; i < 3; i++)
        if ((flags[i] = object_truth(t, args[i + 1])) < 0) return ERROR;
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    ByteBuilder b;
    byte_builder_start(t, &b);
    quote(&(Quoting){.data = (const uint8_t *)data.data, .length = (size_t)data.length, .tabs = flags[0], .text = flags[1], .header = flags[2]}, &b);
    return byte_builder_finish(&b);
}

// ---- Checksums
static Value crc_of_hqx(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    OWN Value start = object_index(t, args[1]);
    if (is_error(start)) return ERROR;
    uint32_t crc = (uint32_t)int_low_bits(start) & 0xffff;
    for (ptrdiff_t i = 0; i < data.length; i++) {
        crc ^= (uint32_t)(uint8_t)data.data[i] << 8;
        for (int bit = 0; bit < 8; bit++) crc = (crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
    }
    return small_int(crc);
}
static Value crc_of_32(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    OWN Value start = object_index(t, args[1]);
    if (is_error(start)) return ERROR;
    unsigned long crc = (uint32_t)int_low_bits(start);
    const unsigned char *bytes = (const unsigned char *)data.data;
    size_t length = (size_t)data.length;
    if (length >= LARGE) BLOCKING(t, GIL_HASH, crc = crc32_z(crc, bytes, length));
    else if (length) crc = crc32_z(crc, bytes, length);
    return int_value(t, (int64_t)(crc & 0xffffffff));
}

#define HEX_FROM "Hexadecimal representation of binary data, with a separator between groups of bytes."
#define HEX_TO "Binary data of hexadecimal representation."
static const Method functions[] = {
    {"a2b_uu", a2b_uu, "(data, /)", "Decode a line of uuencoded data."},
    {"b2a_uu", b2a_uu, "(data, /, *, backtick=False)", "Uuencode a line of data."},
    {"a2b_base64", a2b_base64, "(data, /, *, strict_mode=False)", "Decode a line of base64 data."},
    {"b2a_base64", b2a_base64, "(data, /, *, newline=True)", "Base64-code a line of data."},
    {"b2a_hex", b2a_hex, "(data, sep=<unset>, bytes_per_sep=1)", HEX_FROM}, {"hexlify", b2a_hex, "(data, sep=<unset>, bytes_per_sep=1)", HEX_FROM},
    {"a2b_hex", a2b_hex, "(hexstr, /)", HEX_TO}, {"unhexlify", a2b_hex, "(hexstr, /)", HEX_TO},
    {"crc_hqx", crc_of_hqx, "(data, crc, /)", "Compute CRC-CCITT incrementally."}, {"crc32", crc_of_32, "(data, crc=0, /)", "Compute CRC-32 incrementally."},
    {"a2b_qp", a2b_qp, "(data, header=False)", "Decode quoted-printable data."},
    {"b2a_qp", b2a_qp, "(data, quotetabs=False, istext=True, header=False)", "Encode data as quoted-printable."},
    {0},
};
static bool start(Thread *t, Value module)
{
    Value class = exception_class_new(t, "binascii", "Error", type_value(&exc_ValueError), NULL);
    if (is_error(class)) return false;
    assign(&t->interp->module_slots[SLOT_BINASCII_ERROR], retain(class));
    return module_add(t, module, "Error", class) && module_add(t, module, "Incomplete", exception_class_new(t, "binascii", "Incomplete", type_value(&exc_Exception), NULL));
}
extern const ModuleSpec binascii_spec;
const ModuleSpec binascii_spec = {.name = "binascii", .doc = "Conversion between binary data and ASCII.", .functions = functions, .start = start};
