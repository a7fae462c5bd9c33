# Limits of the parameters of hashes, and time's own checks of its arguments.
import _blake2
import _sha3
import ctypes
import hashlib
import time


def attempt(function, *args, **named):
    try:
        print(function(*args, **named))
    except (ValueError, OverflowError, TypeError) as error:
        print(type(error).__name__, error)


for blake in (_blake2.blake2b, _blake2.blake2s):
    print(blake.SALT_SIZE, blake.PERSON_SIZE, blake.MAX_KEY_SIZE, blake.MAX_DIGEST_SIZE)
    attempt(blake, leaf_size=-1)
    attempt(blake, leaf_size=1 << 32)
    attempt(blake, node_offset=-1)
    print(blake(b"x", leaf_size=(1 << 32) - 1, node_offset=(1 << 48) - 1, salt=b"a" * blake.SALT_SIZE, person=b"b" * blake.PERSON_SIZE, key=b"c" * blake.MAX_KEY_SIZE).hexdigest())
for name in ("sha3_224", "sha3_256", "sha3_384", "sha3_512", "shake_128", "shake_256"):
    h = getattr(_sha3, name)()
    print(name, h._capacity_bits, h._rate_bits, h._suffix)
for length in (-10, 2**29, 2**61):
    attempt(_sha3.shake_128().digest, length)
    attempt(_sha3.shake_128().hexdigest, length)
for function, *args in ((time.asctime, 0), (time.asctime, ()), (time.asctime, (0,) * 10), (time.asctime, None), (time.strftime, "%S\0"), (time.mktime, (0,) * 10), (time.strftime, "%Y", (0,) * 3),
                        (time.strftime, "%Y", None), (time.asctime, (2000, 1, 2, 3, 4, 5, 6, 7, 0)), (time.asctime, time.gmtime(0))):
    attempt(function, *args)
view = memoryview((ctypes.c_int * 4)(1, 2))
print(view.format, view.cast("B").tobytes())
for action in ("view[0]", "view.cast('i')", "view.tolist()"):
    try:
        print(eval(action))
    except (NotImplementedError, TypeError) as error:
        print(type(error).__name__, error)
