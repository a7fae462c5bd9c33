class A:
  def f(self):
    return (self
      .a
      .b())
A().f()
