# binascii, base64, zlib, bz2, lzma, gzip: round trips, pieces, limits, errors.
import base64, binascii, bz2, gzip, lzma, threading, zlib
text = b"some text that repeats, repeats and repeats. " * 300
print(binascii.hexlify(b"\x01\xab\xff", ":"), binascii.unhexlify("01aB"), binascii.b2a_base64(b"abcd"), binascii.a2b_base64("YW Jj ZA=="), binascii.crc32(text), binascii.crc_hqx(b"abc", 7), binascii.b2a_uu(b"hello"), binascii.a2b_uu(b"%:&5L;&\\ \n"))
print(binascii.b2a_qp(b"a=b \t\r\nline " + b"x" * 90 + b" .\n.", quotetabs=False), binascii.a2b_qp(b"a=3Db=\nc_d", header=True), base64.b85encode(b"1234"), base64.urlsafe_b64decode(b"-_-_"))
for bad in (lambda: binascii.unhexlify("abc"), lambda: binascii.unhexlify("zz"), lambda: binascii.a2b_base64("abcde"), lambda: binascii.a2b_base64("ab=c", strict_mode=True), lambda: binascii.a2b_base64("abc"), lambda: binascii.a2b_hex("é"), lambda: binascii.b2a_uu(b"x" * 46), lambda: binascii.a2b_uu(b"\xff"), lambda: binascii.a2b_hex(3),
            lambda: zlib.decompress(b"abc"), lambda: zlib.decompress(zlib.compress(text)[:9]), lambda: zlib.compress(b"", 10), lambda: zlib.compressobj(wbits=99), lambda: zlib.decompressobj().decompress(b"x", -1), lambda: zlib.decompressobj(zdict=3), lambda: zlib.decompressobj().flush(0),
            lambda: bz2.decompress(b"nonsense"), lambda: bz2.BZ2Compressor(10), lambda: lzma.decompress(b"nonsense" * 4), lambda: lzma.LZMACompressor(preset=77), lambda: lzma.LZMACompressor(filters=[{}]), lambda: lzma.LZMACompressor(format=9), lambda: lzma.LZMADecompressor(memlimit=1).decompress(lzma.compress(b"a")), lambda: lzma.LZMACompressor(filters=[{"id": lzma.FILTER_X86, "foo": 1}])):
    try: print(bad())
    except (ValueError, OSError, zlib.error, lzma.LZMAError, TypeError, EOFError) as error: print(type(error).__name__, error)
for module in (zlib, bz2, lzma, gzip): print(module.__name__, module.decompress(module.compress(text)) == text)
packer, pieces = zlib.compressobj(9, zdict=b"repeats"), []
for i in range(0, len(text), 1000): pieces.append(packer.compress(text[i:i + 1000]))
copy = packer.copy(); data = b"".join(pieces) + packer.flush(); print(copy.flush() == data[len(b"".join(pieces)):])
unpacker = zlib.decompressobj(zdict=b"repeats"); out = unpacker.decompress(data + b"tail", 100); print(len(out), bool(unpacker.unconsumed_tail), unpacker.eof)
while not unpacker.eof: out += unpacker.decompress(unpacker.unconsumed_tail, 1000)
print(out == text, unpacker.unused_data, unpacker.eof)
for make, packed in ((bz2.BZ2Decompressor, bz2.compress(text)), (lzma.LZMADecompressor, lzma.compress(text))):
    unpacker, out = make(), b""
    for i in range(0, len(packed), 20):
        out += unpacker.decompress(packed[i:i + 20], 50)
        for _ in range(1000):
            if unpacker.needs_input or unpacker.eof: break
            out += unpacker.decompress(b"", 50)
        if unpacker.eof: break
    print(out == text, unpacker.eof, make().decompress(packed + b"rest") == text)
    try: unpacker.decompress(b"")
    except EOFError as error: print(error)
raw = [{"id": lzma.FILTER_DELTA, "dist": 2}, {"id": lzma.FILTER_LZMA2, "preset": 3}]
print(lzma.decompress(lzma.compress(text, format=lzma.FORMAT_RAW, filters=raw), format=lzma.FORMAT_RAW, filters=raw) == text, lzma._decode_filter_properties(lzma.FILTER_LZMA2, b"\x10"))
# one object used by several threads at once: each call whole
big, packer, results = bytes(range(256)) * 4000, zlib.compressobj(1), []
threads = [threading.Thread(target=lambda: results.append(packer.compress(big))) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(zlib.crc32(big), zlib.adler32(big), len(results))
