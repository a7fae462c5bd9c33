class A:
    def m(self):
        return self.x.y['k'](1, 2)[3]
    x = property(lambda self: B())
class B:
    y = {'k': lambda *a: None}
A().m()
