# A size that the data cannot fill takes no memory for it.
import marshal
for kind in (b"[", b"(", b"\xa8", b"<", b">", b"s", b"u", b"l", b"a", b"c"):
    try:
        marshal.loads(kind + b"\xff\xff\xff\x7fNN")
    except (EOFError, ValueError) as error:
        print(type(error).__name__, error)
# expect: EOFError EOF read where object expected
# expect: EOFError EOF read where object expected
# expect: EOFError EOF read where object expected
# expect: EOFError EOF read where object expected
# expect: EOFError EOF read where object expected
# expect: EOFError marshal data too short
# expect: EOFError marshal data too short
# expect: EOFError marshal data too short
# expect: EOFError marshal data too short
# expect: EOFError marshal data too short
