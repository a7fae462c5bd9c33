# Types whose instances only C can make are not made by a call, nor by object.__new__: their C half would find nothing in them.
import array, select, zlib
for make in (lambda T: T(), lambda T: object.__new__(T), lambda T: T(*())):
    for T in (type(select.poll()), type(zlib.compressobj()), type(iter(array.array("b")))):
        try: print(make(T))
        except TypeError as error: print(error)
# expect: cannot create 'select.poll' instances
# expect: cannot create 'zlib.Compress' instances
# expect: cannot create 'array.arrayiterator' instances
# expect: object.__new__(select.poll) is not safe, use select.poll.__new__()
# expect: object.__new__(zlib.Compress) is not safe, use zlib.Compress.__new__()
# expect: object.__new__(array.arrayiterator) is not safe, use array.arrayiterator.__new__()
# expect: cannot create 'select.poll' instances
# expect: cannot create 'zlib.Compress' instances
# expect: cannot create 'array.arrayiterator' instances
