// SPDX-License-Identifier: MIT
// interp/import_cache.c: the code cache: one file for each source file, under the user's cache folder.
//
// A cache file is a Key that must agree in full, the path, then the code as code_save writes it. It is written under
// another name and renamed, so that a reader never sees half of one. A file that is damaged is as good as none.
#include "interp/import_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "interp/code.h"
#include "interp/interp.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"

typedef struct Key {
    char magic[8];
    uint32_t version, path_length;
    int64_t size, seconds, nanoseconds;
    uint64_t payload, checksum;
} Key;

static uint64_t mix(uint64_t hash, const void *data, size_t length)      // FNV-1a
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < length; i++) hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}
#define MIX_START UINT64_C(0xcbf29ce484222325)
// The same by words: of all that is read.
static uint64_t checksum(const char *data, size_t length)
{
    uint64_t hash = MIX_START, word;
    for (; length >= sizeof word; data += sizeof word, length -= sizeof word) {
        memcpy(&word, data, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x100000001b3);
        hash ^= hash >> 32;
    }
    return mix(hash, data, length);
}

uint32_t bytecode_version(void)
{
    uint64_t hash = mix(MIX_START, &(uint32_t){CODE_VERSION}, sizeof(uint32_t));
    for (size_t i = 0; i < OPCODE_COUNT; i++) hash = mix(hash, opcode_info[i].name, strlen(opcode_info[i].name));
    return (uint32_t)(hash ^ hash >> 32);
}

static bool cache_folder(char *folder, size_t size)
{
    const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int length;
    if (base && *base == '/') length = snprintf(folder, size, "%s/baton", base);
    else if (home && *home == '/') length = snprintf(folder, size, "%s/.cache/baton", home);
    else return false;
    return length > 0 && (size_t)length < size;
}

static bool cache_path(char *out, size_t size, const char *path)
{
    char folder[3000];
    if (!cache_folder(folder, sizeof folder)) return false;
    const char *base = strrchr(path, '/');
    int length = snprintf(out, size, "%s/%.60s.%016llx", folder, base ? base + 1 : path, (unsigned long long)mix(MIX_START, path, strlen(path)));
    return length > 0 && (size_t)length < size;
}

static Key key_for(const char *path, const struct stat *source)
{
    Key key = {.magic = "BATONPY", .version = bytecode_version(), .path_length = (uint32_t)strlen(path), .size = source->st_size,
               .seconds = source->st_mtim.tv_sec, .nanoseconds = source->st_mtim.tv_nsec};
    return key;
}

Value cache_load(Thread *t, const char *path, const struct stat *source)
{
    char name[4096];
    if (!cache_path(name, sizeof name, path)) return UNBOUND;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return UNBOUND;
    struct stat cached;
    Key wanted = key_for(path, source), found;
    char *data = NULL;
    Value code = UNBOUND;
    if (fstat(fd, &cached) == 0 && cached.st_size > (off_t)sizeof found && (data = malloc((size_t)cached.st_size)) != NULL &&
        read(fd, data, (size_t)cached.st_size) == cached.st_size) {
        memcpy(&found, data, sizeof found);
        wanted.payload = found.payload;
        wanted.checksum = found.checksum;
        size_t start = sizeof found + found.path_length;
        if (memcmp(&wanted, &found, sizeof found) == 0 && start + found.payload == (size_t)cached.st_size && memcmp(data + sizeof found, path, found.path_length) == 0 &&
            checksum(data + start, found.payload) == found.checksum) {
            code = code_load(t, data + start, found.payload);
            if (is_error(code)) {
                error_clear(t);
                code = UNBOUND;
            }
        }
    }
    free(data);
    close(fd);
    return code;
}

static void make_folders(char *folder)
{
    for (char *slash = folder + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = 0;
        mkdir(folder, 0777);
        *slash = '/';
    }
    mkdir(folder, 0777);
}

void cache_store(Thread *t, const char *path, const struct stat *source, Value code)
{
    OWN Value saved = code_save(t, code);
    char name[4096], temporary[4200], folder[3000];
    if (is_error(saved)) {
        error_clear(t);
        return;
    }
    if (!cache_path(name, sizeof name, path) || !cache_folder(folder, sizeof folder)) return;
    snprintf(temporary, sizeof temporary, "%s.%ld.new", name, (long)getpid());
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == ENOENT) {
        make_folders(folder);
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    if (fd < 0) return;
    Key key = key_for(path, source);
    key.payload = bytes_length(saved);
    key.checksum = checksum(bytes_data(saved), key.payload);
    bool written = write(fd, &key, sizeof key) == (ssize_t)sizeof key && write(fd, path, key.path_length) == (ssize_t)key.path_length &&
                   write(fd, bytes_data(saved), key.payload) == (ssize_t)key.payload;
    if (close(fd) != 0 || !written || rename(temporary, name) != 0) unlink(temporary);
}
