// SPDX-License-Identifier: MIT
// stdlib/_stat/stat.c: taking file modes apart.
#include <sys/stat.h>

#include "runtime/error.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"

static bool mode_from(Thread *t, Value v, mode_t *mode)
{
    uint64_t bits;
    if (!int_as_u64(t, v, &bits)) return false;
    if (bits > UINT32_MAX) return error_false(raise_error(t, &exc_OverflowError, "mode out of range"));
    *mode = (mode_t)bits;
    return true;
}
#define TEST(name, test) \
    static Value name(Thread *t, Value self, const Value *args) \
    { \
        mode_t mode; \
        return mode_from(t, args[0], &mode) ? bool_value(test(mode)) : ERROR; \
    }
#define NEVER(mode) ((void)(mode), false)
TEST(is_dir, S_ISDIR)
TEST(is_chr, S_ISCHR)
TEST(is_blk, S_ISBLK)
TEST(is_reg, S_ISREG)
TEST(is_fifo, S_ISFIFO)
TEST(is_lnk, S_ISLNK)
TEST(is_sock, S_ISSOCK)
TEST(is_never, NEVER)

static Value stat_imode(Thread *t, Value self, const Value *args)
{
    mode_t mode;
    return mode_from(t, args[0], &mode) ? small_int(mode & 07777) : ERROR;
}
static Value stat_ifmt(Thread *t, Value self, const Value *args)
{
    mode_t mode;
    return mode_from(t, args[0], &mode) ? small_int(mode & S_IFMT) : ERROR;
}
static Value stat_filemode(Thread *t, Value self, const Value *args)
{
    mode_t mode;
    if (!mode_from(t, args[0], &mode)) return ERROR;
    char text[11] = "?rwxrwxrwx";
    text[0] = S_ISREG(mode) ? '-' : S_ISDIR(mode) ? 'd' : S_ISLNK(mode) ? 'l' : S_ISBLK(mode) ? 'b' : S_ISCHR(mode) ? 'c' : S_ISFIFO(mode) ? 'p' : S_ISSOCK(mode) ? 's' : '?';
    for (int i = 0; i < 9; i++)
        if (!(mode & (0400u >> i))) text[i + 1] = '-';
    if (mode & S_ISUID) text[3] = mode & S_IXUSR ? 's' : 'S';
    if (mode & S_ISGID) text[6] = mode & S_IXGRP ? 's' : 'S';
    if (mode & S_ISVTX) text[9] = mode & S_IXOTH ? 't' : 'T';
    return str_from_text(t, text);
}

static const Method functions[] = {
    {"S_ISDIR", is_dir, "(mode, /)", "True if mode is from a directory."},
    {"S_ISCHR", is_chr, "(mode, /)", "True if mode is from a character special device file."},
    {"S_ISBLK", is_blk, "(mode, /)", "True if mode is from a block special device file."},
    {"S_ISREG", is_reg, "(mode, /)", "True if mode is from a regular file."},
    {"S_ISFIFO", is_fifo, "(mode, /)", "True if mode is from a FIFO (named pipe)."},
    {"S_ISLNK", is_lnk, "(mode, /)", "True if mode is from a symbolic link."},
    {"S_ISSOCK", is_sock, "(mode, /)", "True if mode is from a socket."},
    {"S_ISDOOR", is_never, "(mode, /)", "True if mode is from a door."},
    {"S_ISPORT", is_never, "(mode, /)", "True if mode is from an event port."},
    {"S_ISWHT", is_never, "(mode, /)", "True if mode is from a whiteout."},
    {"S_IMODE", stat_imode, "(mode, /)", "The part of the file's mode that can be set by chmod()."},
    {"S_IFMT", stat_ifmt, "(mode, /)", "The part of the file's mode that describes the file type."},
    {"filemode", stat_filemode, "(mode, /)", "Convert a file's mode to a string of the form '-rwxrwxrwx'."},
    {0},
};
#define NAMED(name) {#name, name}
static const struct { const char *name; int64_t value; } numbers[] = {
    NAMED(S_IFDIR), NAMED(S_IFCHR), NAMED(S_IFBLK), NAMED(S_IFREG), NAMED(S_IFIFO), NAMED(S_IFLNK), NAMED(S_IFSOCK), {"S_IFDOOR", 0}, {"S_IFPORT", 0}, {"S_IFWHT", 0},
    NAMED(S_ISUID), NAMED(S_ISGID), NAMED(S_ISVTX), {"S_ENFMT", S_ISGID}, {"S_IREAD", S_IRUSR}, {"S_IWRITE", S_IWUSR}, {"S_IEXEC", S_IXUSR},
    NAMED(S_IRWXU), NAMED(S_IRUSR), NAMED(S_IWUSR), NAMED(S_IXUSR), NAMED(S_IRWXG), NAMED(S_IRGRP), NAMED(S_IWGRP), NAMED(S_IXGRP),
    NAMED(S_IRWXO), NAMED(S_IROTH), NAMED(S_IWOTH), NAMED(S_IXOTH),
    {"UF_NODUMP", 1}, {"UF_IMMUTABLE", 2}, {"UF_APPEND", 4}, {"UF_OPAQUE", 8}, {"UF_NOUNLINK", 16}, {"UF_COMPRESSED", 32}, {"UF_HIDDEN", 32768},
    {"SF_ARCHIVED", 65536}, {"SF_IMMUTABLE", 131072}, {"SF_APPEND", 262144}, {"SF_NOUNLINK", 1048576}, {"SF_SNAPSHOT", 2097152},
    {"ST_MODE", 0}, {"ST_INO", 1}, {"ST_DEV", 2}, {"ST_NLINK", 3}, {"ST_UID", 4}, {"ST_GID", 5}, {"ST_SIZE", 6}, {"ST_ATIME", 7}, {"ST_MTIME", 8}, {"ST_CTIME", 9},
    {"FILE_ATTRIBUTE_ARCHIVE", 32}, {"FILE_ATTRIBUTE_COMPRESSED", 2048}, {"FILE_ATTRIBUTE_DEVICE", 64}, {"FILE_ATTRIBUTE_DIRECTORY", 16}, {"FILE_ATTRIBUTE_ENCRYPTED", 16384},
    {"FILE_ATTRIBUTE_HIDDEN", 2}, {"FILE_ATTRIBUTE_INTEGRITY_STREAM", 32768}, {"FILE_ATTRIBUTE_NORMAL", 128}, {"FILE_ATTRIBUTE_NOT_CONTENT_INDEXED", 8192},
    {"FILE_ATTRIBUTE_NO_SCRUB_DATA", 131072}, {"FILE_ATTRIBUTE_OFFLINE", 4096}, {"FILE_ATTRIBUTE_READONLY", 1}, {"FILE_ATTRIBUTE_REPARSE_POINT", 1024},
    {"FILE_ATTRIBUTE_SPARSE_FILE", 512}, {"FILE_ATTRIBUTE_SYSTEM", 4}, {"FILE_ATTRIBUTE_TEMPORARY", 256}, {"FILE_ATTRIBUTE_VIRTUAL", 65536},
};
static bool start(Thread *t, Value module)
{
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value)) return false;
    return true;
}
extern const ModuleSpec _stat_spec;
const ModuleSpec _stat_spec = {.name = "_stat", .doc = "S_IFMT_: file type bits\nS_IS*: tests of file types\nfilemode: a mode as text", .functions = functions, .start = start};
