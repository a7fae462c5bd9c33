// SPDX-License-Identifier: MIT
// interp/arena.c: see arena.h.
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 1024 * 1024, ALIGNMENT = alignof(max_align_t) };

struct ArenaBlock {
    ArenaBlock *older;
    size_t size;
    alignas(max_align_t) char memory[];
};

void arena_init(Arena *arena)
{
    *arena = (Arena){0};
}

void arena_free(Arena *arena)
{
    for (ArenaBlock *block = arena->blocks, *older; block; block = older) {
        older = block->older;
        free(block);
    }
    arena->blocks = NULL;
    arena->next = arena->limit = NULL;
}

// A piece larger than the room left starts a new block; blocks double up to a limit.
static void *alloc_slowly(Arena *arena, size_t size)
{
    size_t wanted = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
    if (wanted > LARGEST_BLOCK) wanted = LARGEST_BLOCK;
    if (wanted < size) wanted = size;
    ArenaBlock *block = size > SIZE_MAX / 2 ? NULL : calloc(1, sizeof(ArenaBlock) + wanted);
    if (!block) {
        if (arena->out_of_memory) arena->out_of_memory(arena->context);
        return NULL;
    }
    block->size = wanted;
    block->older = arena->blocks;
    arena->blocks = block;
    arena->next = block->memory + size;
    arena->limit = block->memory + wanted;
    return block->memory;
}

void *arena_alloc(Arena *arena, size_t size)
{
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (rounded < size || rounded > (size_t)(arena->limit - arena->next)) return alloc_slowly(arena, rounded < size ? size : rounded);
    void *piece = arena->next;
    arena->next += rounded;
    return piece;
}

char *arena_copy(Arena *arena, const char *bytes, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (copy && length) memcpy(copy, bytes, length);
    return copy;
}
