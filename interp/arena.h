// SPDX-License-Identifier: MIT
// interp/arena.h: memory that is given out in small pieces and freed all at once.
//
// Owns     the blocks behind a parse: nodes, lists, texts, and whatever else lives as long as the tree.
// Always   Pieces are aligned for any type, never move, and die with arena_free. An Arena belongs to one thread.
#pragma once
#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *blocks;  // newest first
    char *next, *limit;  // the free part of the newest block
    void (*out_of_memory)(void *context);  // called when memory ends; if it returns, arena_alloc gives NULL
    void *context;
} Arena;

void arena_init(Arena *arena);
void arena_free(Arena *arena);

// Memory of `size` bytes, zeroed; NULL when there is none (see out_of_memory).
void *arena_alloc(Arena *arena, size_t size);

// A copy of `length` bytes with a NUL behind it.
char *arena_copy(Arena *arena, const char *bytes, size_t length);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (count)))
