import hashlib
import _md5, _sha1, _sha256, _sha512, _sha3, _blake2
for make in (_md5.md5, _sha1.sha1, _sha256.sha224, _sha256.sha256, _sha512.sha384, _sha512.sha512, _sha3.sha3_224, _sha3.sha3_512, _blake2.blake2b, _blake2.blake2s):
    h = make(b"abc"); h.update(bytearray(5000)); c = h.copy(); h.update(b"more"); print(h.name, h.digest_size, h.block_size, h.hexdigest(), c.digest()[:4])
    print(make().hexdigest())
print(_sha3.shake_128(b"x").hexdigest(20), hashlib.shake_256(b"").digest(3), hashlib.shake_128().digest_size)
print(_blake2.blake2b(b"data", digest_size=16, key=b"secret", salt=b"salt", person=b"me").hexdigest(), _blake2.blake2s(b"", digest_size=8, key=b"k" * 32, fanout=2, depth=3, leaf_size=9, node_offset=4, node_depth=1, inner_size=7, last_node=True).hexdigest())
for n in (63, 64, 65, 127, 128, 129, 256): print(n, _blake2.blake2b(b"q" * n).hexdigest()[:16], _blake2.blake2s(b"q" * n).hexdigest()[:16])
for bad in ("a", 3):
    try:
        _md5.md5(bad)
    except TypeError as error:
        print(error)
print(hashlib.new("sha256", b"x").hexdigest(), hashlib.sha512(b"", usedforsecurity=False).hexdigest()[:9])
import random
random.seed(1); print(random.random(), random.randint(1, 100), random.choice("abcdef"), random.sample(range(100), 5), random.gauss(0, 1))
random.seed("text"); print(random.random()); random.seed(b"bytes"); x = [1, 2, 3, 4, 5]; random.shuffle(x); print(x, random.getrandbits(70), random.uniform(1, 2))
random.seed(2.5); print(random.random())
