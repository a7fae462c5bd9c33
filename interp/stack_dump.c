// SPDX-License-Identifier: MIT
// interp/stack_dump.c: where the threads are, written to a descriptor from a signal handler or without the GIL: nothing here allocates, locks
// or touches a reference count. What it reads may be changing; it is a last word before the end, not a report to rely on.
#include <stdio.h>
#include <unistd.h>

#include "interp/code.h"
#include "interp/frame.h"
#include "interp/interp.h"

enum { FRAMES_MAX = 100, TEXT_MAX = 500 };

static void put(int fd, const char *text, size_t length)
{
    while (length) {
        ssize_t n = write(fd, text, length);
        if (n <= 0) return;
        text += n;
        length -= (size_t)n;
    }
}
static void put_text(int fd, const char *text) { put(fd, text, strlen(text)); }

static void put_hexadecimal(int fd, uint64_t n, int digits)
{
    char text[16];
    for (int i = digits; i-- > 0; n >>= 4) text[i] = "0123456789abcdef"[n & 15];
    put(fd, text, (size_t)digits);
}

static void put_decimal(int fd, unsigned n)
{
    char text[12];
    size_t at = sizeof text;
    do text[--at] = (char)('0' + n % 10);
    while (n /= 10);
    put(fd, text + at, sizeof text - at);
}

static void put_str(int fd, const Str *s)
{
    size_t length = s->length < TEXT_MAX ? s->length : TEXT_MAX;
    for (size_t i = 0; i < length; i++) {
        uint32_t c = str_at(s, i);
        char ascii = (char)c;
        if (c >= ' ' && c <= '~') put(fd, &ascii, 1);
        else {
            put_text(fd, c < 0x100 ? "\\x" : c < 0x10000 ? "\\u" : "\\U");
            put_hexadecimal(fd, c, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8);
        }
    }
    if (s->length > TEXT_MAX) put_text(fd, "...");
}

static void dump_frames(int fd, const Frame *frame)
{
    if (!frame) put_text(fd, "  <no Python frame>\n");
    for (int depth = 0; frame; frame = frame->back) {
        if (depth++ == FRAMES_MAX) {
            put_text(fd, "  ...\n");
            return;
        }
        put_text(fd, "  File \"");
        put_str(fd, frame->code->filename);
        put_text(fd, "\", line ");
        put_decimal(fd, (unsigned)frame_line(frame));
        put_text(fd, " in ");
        put_str(fd, frame->code->name);
        put_text(fd, "\n");
    }
}

void interp_dump_thread(int fd, const Thread *t)
{
    put_text(fd, "Stack (most recent call first):\n");
    dump_frames(fd, t->frame);
}

void interp_dump_threads(int fd, const Interp *interp, const Thread *current)
{
    int count = 0;
    const Thread *last = interp->threads;
    while (last && last->next) last = last->next;
    for (const Thread *t = last; t; t = t->previous) {       // the newest first
        if (count) put_text(fd, "\n");
        if (count++ == FRAMES_MAX) {
            put_text(fd, "...\n");
            return;
        }
        put_text(fd, t == current ? "Current thread 0x" : "Thread 0x");
        put_hexadecimal(fd, t->ident, 16);
        put_text(fd, " (most recent call first):\n");
        dump_frames(fd, t->frame);
    }
}
