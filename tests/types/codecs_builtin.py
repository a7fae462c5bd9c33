# str.encode and bytes.decode: the built-in codecs with every error handler.
def attempt(f, *args, **kw):
    try:
        return ascii(f(*args, **kw))
    except UnicodeError as e:
        return ascii((type(e).__name__, str(e), getattr(e, 'start', None), getattr(e, 'end', None), getattr(e, 'reason', None), getattr(e, 'encoding', None)))
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
texts = ['', 'abc', 'caf\u00e9', '\u20ac', '\U0001f600', '\ud800', 'a\udc80b', '\udcff\udc80', 'x\ud83d\ude00y', '\u00ff\u0100', '\x00\x7f\x80\\\n\t"']
encodings = ['utf-8', 'UTF8', 'utf_8', 'latin-1', 'iso-8859-1', 'ascii', 'us-ascii', 'utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-le', 'utf-32-be', 'unicode_escape', 'raw_unicode_escape']
handlers = ['strict', 'ignore', 'replace', 'backslashreplace', 'xmlcharrefreplace', 'surrogateescape', 'surrogatepass']
for text in texts:
    for encoding in encodings:
        print(ascii(text), encoding, [attempt(text.encode, encoding, h) for h in handlers])
datas = [b'', b'abc', b'caf\xc3\xa9', b'\xe9', b'\xff', b'\xc3', b'\xe2\x82', b'\xe2\x82\xac', b'\xe2(\xa1', b'\xf0\x9f\x98\x80', b'\xf0\x9f\x98', b'\xf0\x82\x82\xac', b'\xed\xa0\x80', b'\xed\xb2\x80', b'\xc0\x80', b'\xf4\x90\x80\x80', b'\xf5', b'a\x80b\x81c', b'\xff\xfea\x00', b'\xfe\xff\x00a', b'a\x00b', b'\x00\xd8', b'\x00\xd8a\x00', b'\x3d\xd8\x00\xde', b'\x00\xdc', b'\xff\xfe\x00\x00a\x00\x00\x00', b'a\x00\x00\x00', b'\x00\x00\x11\x00', b'\x00\xd8\x00\x00', b'a\x00\x00', b'\\n\\t\\x41\\u20ac\\U0001f600\\101', b'\\x4', b'\\u20', b'\\U00110000', b'\\']
for data in datas:
    for encoding in encodings:
        print(data, encoding, [attempt(data.decode, encoding, h) for h in handlers])
print(attempt('a'.encode, 'nope'), attempt(b'a'.decode, 'nope'), attempt('\u20ac'.encode, 'ascii', 'nope'), attempt('a'.encode, 1), attempt(b'a'.decode, 1), attempt('a'.encode, 'utf-8', 'nope'), attempt(str, b'abc', 'ascii', 'strict'), attempt(str, b'\xff', errors='replace'), attempt(str, 'a', 'ascii'), attempt(str, 5, 'ascii'), str(b'abc'), attempt(bytes, 'h\u00e9', 'latin-1'))
