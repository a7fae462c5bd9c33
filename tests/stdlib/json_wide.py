# Strings of every width, read and written: runs of plain characters of all lengths around the steps in which they are taken, escapes between them.
import json
import zlib

texts = []
for sample in ("a", "\xe9", "\u20ac", "\U0001f600", "\ud83d"):
    for fill in ("x", "\xff", "\u0100"):
        for n in (0, 1, 3, 4, 5, 7, 8, 9, 17, 600):
            texts += [sample + fill * n, fill * n + sample, fill * n + '"' + sample + "\\" + fill, sample + "\n\x00\x7f\x1f" * n]
total = 0
for text in texts:
    for ascii_only in (True, False):
        written = json.dumps([text, {text: 1}], ensure_ascii=ascii_only)
        assert json.loads(written) == [text, {text: 1}], ascii(text)
        total = zlib.crc32(written.encode("utf-8", "surrogatepass"), total)
print(len(texts), total)
print(json.dumps("\x7f \x80 \u2028 \U0010ffff \ud800 \b\f\n\r\t\x0b/"), ascii(json.dumps("\x7f \x80 \u2028 \U0010ffff \b\x0b/", ensure_ascii=False)))
for bad in ('["\u20acabc', '["\u20acabcdefgh\n"]', '["abc\u20ac\\x"]', '{"\u20ac": 1, \u20ac}'):
    try:
        json.loads(bad)
    except json.JSONDecodeError as error:
        print(error)
# What a wide text holds that is narrow becomes narrow.
import sys
small = json.loads('["\u20ac", "abcdefgh", "gr\xfc\xdfe"]')
print(sys.getsizeof(small[1]) == sys.getsizeof("abcdefgh"), sys.getsizeof(small[2]) == sys.getsizeof("gr\xfc\xdfe"))
