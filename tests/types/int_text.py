# int: reading and writing, bytes, the constructor and its errors.
import sys
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
for text in ['0', '12', ' 12 ', '-5', '+5', '1_000', '1__0', '_1', '1_', '', ' ', 'x', '0x10', '1.5', '12 3', '\u0661\u0662', '1\0', '9' * 30, '-' + '8' * 40, 'ff', '0b11', '٣٤']:
    print(repr(text), attempt(int, text), attempt(int, text, 0), attempt(int, text, 16), attempt(int, text, 36))
for text in ['0b101', '0B101', '0o17', '0x_ff', '0x', '010', '00', '0_0', '0_7', '-0xff', '0b2']:
    print(text, attempt(int, text, 0), attempt(int, text, 2), attempt(int, text, 8), attempt(int, text, 16))
print(attempt(int), attempt(int, 3.9), attempt(int, -3.9), attempt(int, 1e20), attempt(int, float('inf')), attempt(int, float('nan')), attempt(int, None), attempt(int, [], 3), attempt(int, '1', 40), attempt(int, '1', 1), attempt(int, 1, 3), attempt(int, base=3), attempt(int, '12', base=5), attempt(int, b'12'), attempt(int, bytearray(b'13')), attempt(int, b'x'), attempt(int, x=1), attempt(int, 1, 2, 3))
print(attempt(int, '1' * 5000), attempt(str, 10**5000), len(hex(10**5000)), attempt(int, 'f' * 5000, 16) != '')
class Index:
    def __init__(self, v): self.v = v
    def __index__(self): return self.v
class Int:
    def __init__(self, v): self.v = v
    def __int__(self): return self.v
print(int(Index(5)), int(Int(6)), attempt(int, Int('x')), attempt(int, '11', Index(2)))
class MyInt(int):
    def __repr__(self): return 'MyInt(%s)' % int.__repr__(self)
m = MyInt('42')
print(m, repr(m), m + 1, type(m + 1), MyInt(2**70), type(MyInt(7) * 2), int(m), type(int(m)), m == 42, hash(m) == hash(42), {42: 'a'}[m], MyInt(5).real, type(MyInt(5).real), m.__class__)
for v in (0, 1, 255, 256, -1, -128, -129, 2**63, 2**64 - 1, -2**63, 10**20):
    for length in (1, 2, 8, 9):
        for signed in (False, True):
            print(v, length, signed, attempt(v.to_bytes, length, 'big', signed=signed), attempt(v.to_bytes, length, 'little', signed=signed))
for data in (b'', b'\x00', b'\xff', b'\x01\x02', b'\xff\xfe', b'\x80' + b'\0' * 8, b'\xff' * 12, b'\x7f' * 9):
    print(data, int.from_bytes(data, 'big'), int.from_bytes(data, 'little'), int.from_bytes(data, 'big', signed=True), int.from_bytes(data, 'little', signed=True))
print(attempt((1).to_bytes, -1, 'big'), attempt((1).to_bytes, 1, 'bog'), attempt(int.from_bytes, 's', 'big'), attempt(int.from_bytes, 5, 'big'), attempt(int.from_bytes, [1, 2], 'big'), (5).to_bytes())
print((5).as_integer_ratio(), (5).conjugate(), (5).real, (5).imag, (5).numerator, (5).denominator, True.numerator, (7).__ceil__(), (7).__floor__(), (7).__trunc__(), (7).__round__(), (7).__getnewargs__())
for n in (10, 20, 40, 100):
    print(int('7' * n), bin(int('7' * n)), oct(int('7' * n)), hex(int('7' * n)), int('7' * n, 8), hash(int('7' * n)))
