// SPDX-License-Identifier: MIT
// stdlib/_crypt/crypt.c: the one-way function of passwords, from libcrypt. It is slow by purpose: the GIL is let go.
#include <crypt.h>
#include <errno.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

static Value crypt_crypt(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0]) || !is_str(args[1])) return raise_type_error(t, "crypt() argument %d must be str, not %T", is_str(args[0]) ? 2 : 1, args[is_str(args[0])]);
    OWN_MEMORY char *word = str_to_utf8(t, as_str(args[0]), NULL);
    OWN_MEMORY char *salt = word ? str_to_utf8(t, as_str(args[1]), NULL) : NULL;
    OWN_MEMORY struct crypt_data *data = salt ? mem_allocate(t, sizeof *data) : NULL;
    if (!data) return ERROR;
    memset(data, 0, sizeof *data);
    const char *result;
    int failed;
    BLOCKING(t, GIL_HASH, { result = crypt_rn(word, salt, data, (int)sizeof *data); failed = result ? 0 : errno; });
    return result ? str_from_text(t, result) : raise_errno(t, failed);
}
static const Method functions[] = {{"crypt", crypt_crypt, "(word, salt, /)", "The hash of a password."}, {0}};
extern const ModuleSpec _crypt_spec;
const ModuleSpec _crypt_spec = {.name = "_crypt", .doc = "The one-way function of passwords.", .functions = functions};
