# BytesIO and StringIO in pickles and copies; states that are none.
import copy
import io
import pickle

for protocol in 2, 5:
    b = io.BytesIO(b"abc")
    b.seek(1)
    b.note = "kept"
    c = pickle.loads(pickle.dumps(b, protocol))
    print(c.getvalue(), c.tell(), c.note)
    s = io.StringIO("a\nb\r\nc", newline="\r\n")
    s.seek(2)
    c = pickle.loads(pickle.dumps(s, protocol))
    print(repr(c.getvalue()), c.tell(), c.getvalue() == s.getvalue())
print(copy.copy(io.StringIO("xy")).read())
for make, states in (io.BytesIO, [(b"a",), (b"a", "x", None), (b"a", 0, 1), (b"a", -1, None), 5]), (io.StringIO, [("a", "", 0), ("a", "", None, None), ("a", "", 0, 3), ("a", "", -1, None), 5]):
    for state in states:
        try:
            make().__setstate__(state)
        except (TypeError, ValueError) as e:
            print(type(e).__name__, e)
for protocol in 0, 1:
    try:
        pickle.dumps(io.BytesIO(), protocol)
    except TypeError as e:
        print(e)
for newline in None, "", "\n":
    s = io.StringIO(newline=newline)
    seen = []
    for text in "a\n", "b\r\n", "c\rd":
        s.write(text)
        seen.append(s.newlines)
    print(seen, repr(s.getvalue()))
import sys
for value in sys.flags, sys.version_info:
    try:
        type(value)(tuple(value))
    except TypeError as e:
        print(e)
