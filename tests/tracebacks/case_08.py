class Foo:
    value = 1
foo = Foo()
result = (foo.value +
          foo.valu *
          2)
