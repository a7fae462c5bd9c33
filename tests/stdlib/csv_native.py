# Reading and writing CSV under dialects of every kind, and what is refused.
import csv
import io
import _csv


def show(call):
    try:
        print(repr(call()))
    except Exception as e:
        print(type(e).__name__, e)


def written(rows, **options):
    out = io.StringIO()
    csv.writer(out, **options).writerows(rows)
    return out.getvalue()


texts = ['', '\n', 'a,b\n', 'a,"b""c",d\r\n', '"a\nb",c\n', '"a"b,c\n', '"a', 'a,b\rc', 'a\\,b,c\n', '"a\\"b"\n', ' a, b\n', 'a,\n', ',\n', '"",""\n', 'a;b\n', "'a,b',c\n",
         '1,2.5,"x"\n', 'a\\', 'a\\\nb\n', '"x"\r\n"y"\r\n', '\0,a\n', 'é,€,😀\n', 'a,b\nc\n\nd,e\n']
dialects = [{}, {'strict': True}, {'escapechar': '\\'}, {'escapechar': '\\', 'doublequote': False}, {'skipinitialspace': True}, {'delimiter': ';', 'quotechar': "'"},
            {'quoting': csv.QUOTE_NONE}, {'quoting': csv.QUOTE_NONE, 'escapechar': '\\'}, {'quoting': csv.QUOTE_NONNUMERIC}, {'quotechar': None}]
for options in dialects:
    for text in texts:
        show(lambda: list(csv.reader(io.StringIO(text, newline=''), **options)))
    show(lambda: list(csv.reader(['"a', 'b"', 'c'], **options)))
rows = [[], [''], [None], ['', ''], ['a', 1, 2.5, None, True], ['a,b', 'c"d', "e'f", 'g\\h', 'i\nj', 'k\rl', ' m ', 'n;o'], ['é€😀'], [1j, b'x'], 'abc']
for options in dialects + [{'quoting': csv.QUOTE_ALL}, {'lineterminator': 'X'}, {'lineterminator': ''}]:
    for row in rows:
        show(lambda: written([row], **options))
show(lambda: written([5]))
show(lambda: written(5))
for options in [{'delimiter': ''}, {'delimiter': 'ab'}, {'delimiter': None}, {'delimiter': 1}, {'quotechar': ''}, {'quotechar': 'ab'}, {'quotechar': 1}, {'escapechar': 'ab'},
                {'lineterminator': 1}, {'lineterminator': None}, {'quoting': 'a'}, {'quoting': 9}, {'quoting': None}, {'quotechar': None, 'quoting': csv.QUOTE_ALL}, {'dialect': 'no such'}, {'dialect': 5}]:
    show(lambda: csv.reader([], **options).dialect.delimiter)
show(lambda: csv.reader(5))
show(lambda: csv.writer(5))
show(lambda: list(csv.reader([b'a'])))
show(lambda: csv.field_size_limit(5))
show(lambda: list(csv.reader(['abcdef'])))
show(lambda: csv.field_size_limit())
csv.field_size_limit(1000)
csv.register_dialect('mine', delimiter=':')
print(csv.list_dialects(), csv.get_dialect('mine').delimiter)
show(lambda: list(csv.reader(['a:b'], 'mine')))
show(lambda: list(csv.reader(['a:b;c'], 'mine', delimiter=';')))
csv.unregister_dialect('mine')
show(lambda: csv.get_dialect('mine'))
show(lambda: csv.unregister_dialect('mine'))
show(lambda: csv.register_dialect(5))
reader = csv.reader(['a', 'b'])
print(next(reader), reader.line_num, next(reader), reader.line_num, next(reader, None))
print(list(csv.DictReader(io.StringIO('x,y\n1,2\n'))), csv.Sniffer().sniff('a;b\n1;2\n').delimiter)

print(csv.writer(io.StringIO()).writerow(['a', 'b']))
