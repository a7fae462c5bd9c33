# unicodedata: names, properties and normal forms, compared over the whole of Unicode by one number a property.
import unicodedata as u
def h(f, *extra):
    r = 7
    for c in range(0, 0x110000, 7):
        if u.category(chr(c)) == 'Cn': continue
        try: v = f(chr(c), *extra)
        except (ValueError, KeyError) as e: v = str(e)
        for x in repr(v): r = (r * 31 + ord(x)) & 0xffffffffffff
    return r
print(u.unidata_version, u.name('a'), u.lookup('LATIN SMALL LETTER A'), u.name('가'), u.lookup('HANGUL SYLLABLE GAG'), u.lookup('latin small letter a'), u.name('一'), u.lookup('LINE FEED') == '\n', '\N{EM SPACE}' == '\u2003', u.numeric('½'), u.digit('²'), u.decimal('٣'))
for e in ("u.name('\\n')", "u.lookup('nope')", "u.name('ab')", "u.decimal('x')", "u.digit('x')", "u.numeric('x')", "u.normalize('X','a')", "u.name('\\n', 'dflt')", "u.category(1)", "u.normalize('NFC', 1)"):
    try: print(e, eval(e))
    except Exception as x: print(e, type(x).__name__, x)

for n in ['name', 'decomposition', 'numeric', 'category', 'bidirectional', 'combining', 'mirrored', 'east_asian_width']:
    print(n, h(getattr(u, n)) if n != 'numeric' else h(u.numeric, None))
for s in ('é', 'e\u0301', 'ﬁ', '한글', 'a\u0315\u0300\u05ae\u0062', '\ud800x', 'Å', '½', '\u1e9b\u0323', '각', 'x' * 5):
    print([ascii(u.normalize(f, s)) for f in ('NFC', 'NFD', 'NFKC', 'NFKD')], [u.is_normalized(f, s) for f in ('NFC', 'NFD', 'NFKC', 'NFKD')])
print(u.ucd_3_2_0.unidata_version, u.ucd_3_2_0.category('a'))
