// SPDX-License-Identifier: MIT
// stdlib/posix/scandir.c: os.scandir: entries of a folder, which know their kind without another system call.
#include <dirent.h>
#include <limits.h>
#include <stdio.h>

#include "runtime/types/container.h"
#include "stdlib/posix/posix.h"

typedef struct Scan { Object head; DIR *folder; Value path; int fd; bool is_bytes; } Scan;    // fd: the caller's, or AT_FDCWD
typedef struct Entry { Object head; Value name, path; unsigned char kind; uint64_t inode; int folder_fd; Value stat, lstat; } Entry;
static Type scan_type, entry_type;
static Scan *as_scan(Value v) { return (Scan *)as_object(v); }
static Entry *as_entry(Value v) { return (Entry *)as_object(v); }

Value posix_scandir(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path path = {0};
    if (!path_from(t, args[0], "scandir", "path", true, true, &path)) return ERROR;
    OWN_POINTER Scan *scan = (Scan *)object_new(t, &scan_type);
    if (!scan) return ERROR;
    int failed = 0;
    DIR *folder;
    BLOCKING(t, GIL_FILE, {
        folder = path.text ? opendir(path.text) : fdopendir(dup(path.fd));
        failed = folder ? 0 : errno;
    });
    if (!folder) return raise_errno_path(t, failed, path.object, UNBOUND);
    if (!path.text) rewinddir(folder);    // a descriptor and its duplicate share one position
    scan->folder = folder;
    scan->is_bytes = path.is_bytes;
    scan->fd = path.text ? AT_FDCWD : path.fd;
    scan->path = path.text ? path_result(t, path.text, path.is_bytes) : NONE;
    return is_error(scan->path) ? (scan->path = UNBOUND, ERROR) : object_value(MOVE_POINTER(scan));
}
static void scan_close(Thread *t, Scan *scan)
{
    DIR *folder = scan->folder;
    scan->folder = NULL;
    if (folder) BLOCKING(t, GIL_FILE, closedir(folder));
}
static Value join_path(Thread *t, Value folder, Value name, bool is_bytes)
{
    if (is_none(folder)) return retain(name);
    if (is_bytes) {
        size_t length = bytes_length(folder);
        OWN Value slash = bytes_from(t, "/", length && bytes_data(folder)[length - 1] != '/');
        OWN Value start = is_error(slash) ? ERROR : bytes_concat(t, folder, slash);
        return is_error(start) ? ERROR : bytes_concat(t, start, name);
    }
    Str *text = as_str(folder);
    bool slash = text->length && str_at(text, text->length - 1) != '/';
    return str_format(t, "%S%s%S", folder, slash ? "/" : "", name);
}
static Value scan_next(Thread *t, Value self)
{
    Scan *scan = as_scan(self);
    struct dirent *found;
    int failed;
    for (;;) {
        if (!scan->folder) return UNBOUND;
        DIR *folder = scan->folder;
        BLOCKING(t, GIL_FILE, { errno = 0; found = readdir(folder); failed = found ? 0 : errno; });
        if (!found) break;
        if (strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0) break;
    }
    if (!found) {
        scan_close(t, scan);
        return failed ? raise_errno(t, failed) : UNBOUND;
    }
    OWN_POINTER Entry *entry = (Entry *)object_new(t, &entry_type);
    if (!entry) return ERROR;
    entry->kind = found->d_type;
    entry->inode = found->d_ino;
    entry->folder_fd = scan->fd;
    entry->name = path_result(t, found->d_name, scan->is_bytes);
    if (is_error(entry->name)) return entry->name = UNBOUND, ERROR;
    entry->path = join_path(t, scan->path, entry->name, scan->is_bytes);
    return is_error(entry->path) ? (entry->path = UNBOUND, ERROR) : object_value(MOVE_POINTER(entry));
}
static Value scan_iter(Thread *t, Value self) { return retain(self); }
static Value scan_close_method(Thread *t, Value self, const Value *args)
{
    scan_close(t, as_scan(self));
    return NONE;
}
static Value scan_enter(Thread *t, Value self, const Value *args) { return retain(self); }
static void scan_finalize(Thread *t, Value self)
{
    if (as_scan(self)->folder && !t->interp->finalizing && !warn(t, &exc_ResourceWarning, 1, "unclosed scandir iterator %R", self)) {
        if (error_matches(t, &exc_Warning)) error_unraisable(t, NULL, self);
        else error_clear(t);
    }
    scan_close(t, as_scan(self));
}
static void scan_finish(Thread *t, Object *o)
{
    if (((Scan *)o)->folder) closedir(((Scan *)o)->folder);
    clear(&((Scan *)o)->path);
}
static const Method scan_methods[] = {{"close", scan_close_method, "(self, /)", NULL}, {"__enter__", scan_enter, "(self, /)", NULL}, {"__exit__", scan_close_method, "(self, /, *exc)", NULL}, {0}};
static const TypeSpec scan_spec = {.name = "posix.ScandirIterator", .size = sizeof(Scan), .flags = TYPE_NO_NEW, .slots = {.iter = scan_iter, .next = scan_next, .finalize = scan_finalize, .finish = scan_finish}, .methods = scan_methods};

// ---- DirEntry
static Value entry_stat_of(Thread *t, Entry *entry, bool follow)
{
    Value *kept = follow ? &entry->stat : &entry->lstat;
    if (!is_unbound(*kept)) return retain(*kept);
    OWN_PATH Path path = {0};
    if (!path_from(t, entry->path, "stat", "path", false, false, &path)) return ERROR;
    struct stat status;
    int failed, result, folder = entry->folder_fd;
    SYSTEM_CALL(t, GIL_FILE, failed, result, fstatat(folder, path.text, &status, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    if (failed) return raise_errno_path(t, failed, entry->path, UNBOUND);
    Value made = stat_value(t, &status);
    if (!is_error(made)) *kept = retain(made);
    return made;
}
static Value entry_stat(Thread *t, Value self, const Value *args)
{
    int follow = object_truth(t, args[0]);
    return follow < 0 ? ERROR : entry_stat_of(t, as_entry(self), follow);
}
static Value entry_is(Thread *t, Entry *entry, bool follow, unsigned char kind, mode_t mode)
{
    if (entry->kind != DT_UNKNOWN && !(entry->kind == DT_LNK && follow)) return bool_value(entry->kind == kind);
    OWN Value status = entry_stat_of(t, entry, follow);
    if (is_error(status)) return error_clear_if(t, &exc_FileNotFoundError) ? FALSE : ERROR;
    int bits;
    return int_as_int(t, as_tuple(status)->items[0], &bits) ? bool_value(((mode_t)bits & S_IFMT) == mode) : ERROR;
}
static Value entry_is_dir(Thread *t, Value self, const Value *args) { return entry_is(t, as_entry(self), !is_false(args[0]), DT_DIR, S_IFDIR); }
static Value entry_is_file(Thread *t, Value self, const Value *args) { return entry_is(t, as_entry(self), !is_false(args[0]), DT_REG, S_IFREG); }
static Value entry_is_symlink(Thread *t, Value self, const Value *args) { return entry_is(t, as_entry(self), false, DT_LNK, S_IFLNK); }
static Value entry_inode(Thread *t, Value self, const Value *args) { return int_from_u64(t, as_entry(self)->inode); }
static Value entry_fspath(Thread *t, Value self, const Value *args) { return retain(as_entry(self)->path); }
static Value entry_name(Thread *t, Value self) { return retain(as_entry(self)->name); }
static Value entry_path(Thread *t, Value self) { return retain(as_entry(self)->path); }
static Value entry_repr(Thread *t, Value self) { return str_format(t, "<DirEntry %R>", as_entry(self)->name); }
static void entry_finish(Thread *t, Object *o)
{
    Entry *e = (Entry *)o;
    Value *owned[] = {&e->name, &e->path, &e->stat, &e->lstat};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
}
static const Method entry_methods[] = {
    {"stat", entry_stat, "(self, *, follow_symlinks=True)", NULL}, {"is_dir", entry_is_dir, "(self, *, follow_symlinks=True)", NULL}, {"is_file", entry_is_file, "(self, *, follow_symlinks=True)", NULL},
    {"is_symlink", entry_is_symlink, "(self, /)", NULL}, {"inode", entry_inode, "(self, /)", NULL}, {"__fspath__", entry_fspath, "(self, /)", NULL}, CLASS_GET_ITEM, {0},
};
static const GetSet entry_getsets[] = {{"name", entry_name, NULL, NULL}, {"path", entry_path, NULL, NULL}, {0}};
static const TypeSpec entry_spec = {.name = "posix.DirEntry", .size = sizeof(Entry), .flags = TYPE_NO_NEW, .slots = {.repr = entry_repr, .finish = entry_finish}, .methods = entry_methods, .getsets = entry_getsets};

bool posix_scandir_start(Thread *t, Value module)
{
    return type_prepare(t, &scan_type, &scan_spec) && type_prepare(t, &entry_type, &entry_spec) && module_add_type(t, module, &entry_type);
}
