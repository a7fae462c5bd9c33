# The native half of json: what documents and values give, and how wrong ones fail.
import enum
import json
import _json


def show(call):
    try:
        print(ascii(call()))
    except Exception as e:
        print(type(e).__name__, str(e).split(" at 0x")[0][:100])


documents = ['', ' ', '[', '[1', '[1,', '[1,]', '[1 2]', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{a:1}', '{"a" 1}', 'nul', 'tru', '-', '-I',
             '-Infinity', 'NaN', '01', '1.', '1.5e', '1.5e+', '1e5', '1E-3', '-0', '-0.0', '0.1', '123456789012345', '1234567890123456789', '0.30000000000000004',
             '123456789012345678.5e-5', '1e400', '1e22', '1e23', '"\\u00e9"', '"é\\n"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ud83dx"', '"\\u12"', '"abc', '"a\nb"',
             '"\\x"', '"\\', '"\\u', '"a longer text, and then \\" a quote"', '"\x7f"', '"😀"', '["a", "a", {"a": {"a": 1}}]', '{"é": 1, "€": 2, "😀": []}', '[[]]]', '[] x', ' [1 , 2 ] ',
             '{ "a" : 1 , "b":[ ] , "c": { } }', '100000000000000', '-140737488355328', '5e-324', '0e10', '1e-22', '{"a": 1, "a": 2}', '"\\/\\b\\f"', '[NaN,-Infinity]']
for document in documents:
    print(ascii(document), end=" ")
    show(lambda: json.loads(document))
show(lambda: json.loads('{"a": {"b": 1}}', object_pairs_hook=list))
show(lambda: json.loads('{"a": {"b": 1}}', object_hook=lambda d: sorted(d.items())))
show(lambda: json.loads('[1, 2.5, NaN, -Infinity]', parse_float=str, parse_int=lambda s: "i" + s, parse_constant=str))
show(lambda: json.loads('"a\tb"', strict=False))
for text, end in [('abc"', 0), ('abc', 0), ('"abc', 1), ('"\\ud834\\udd20', 1), ('a', -1), ('a', 5), (5, 1), ('"\\ud834\\u0020"', 1)]:
    show(lambda: _json.scanstring(text, end))
show(lambda: json.JSONDecoder().scan_once(string='[1]', idx=0))
show(lambda: json.JSONDecoder().scan_once('1', -1))
show(lambda: json.loads('[' * 100000))
show(lambda: json.loads('{"a":' * 100000))


class Int(int):
    pass


class Float(float):
    def __repr__(self):
        return "never"


class Number(enum.IntEnum):
    ONE = 1


class Pairs(dict):
    def items(self):
        return [1]


values = [1, -5, 0, 2**70, 1.5, float('nan'), float('inf'), -float('inf'), True, None, 'a"b\\c\n\x01\x7fé€😀\ud800', '', [], {}, (), [1, (2,)],
          {'a': 1, 1: 2, None: 3, True: 4, 2.5: 5}, {'b': 1, 'a': 2}, {float('nan'): 1}, {(1,): 2, 'x': 1}, object(), Int(3), Float(2.5), Number.ONE,
          {Number.ONE: 1, Float(2.5): 2, Int(7): 3}, b'x', {1: 2, 'a': 3}, 1e16, 1e-7, -2**47, 2**47, Pairs(a=1), 'x' * 50 + 'é']
for options in [{}, {'ensure_ascii': False}, {'sort_keys': True, 'skipkeys': True}, {'allow_nan': False, 'default': lambda o: [1, 'default']}]:
    for value in values:
        show(lambda: json.dumps(value, **options))
around = []
around.append({'x': around})
show(lambda: json.dumps(around))
show(lambda: json.dumps(around, check_circular=False))
show(lambda: json.dumps(object(), default=lambda o: [o]))
grows = {'a': object()}
show(lambda: json.dumps(grows, default=lambda o: grows.setdefault(len(grows), 1)))
show(lambda: _json.make_scanner(1))
show(lambda: _json.make_encoder(1, None, None, None, ':', ',', 0, 0, 0))
show(lambda: _json.make_encoder({}, None, lambda s: 5, None, ':', ',', 0, 0, 0)('a', 0))
show(lambda: _json.encode_basestring(5))
show(lambda: _json.encode_basestring('é"'))
show(lambda: _json.encode_basestring_ascii('é"\x7f'))


def empties(o):
    target.clear()
    return 1


target = [object(), 2, 3]
show(lambda: json.dumps(target, default=empties))
target = {'a': object(), 'b': 2}
print(json.dumps(target, default=empties)[:7])
