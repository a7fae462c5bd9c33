class X:
    def __str__(self): raise ValueError
class Bad(Exception):
    def __str__(self): raise ValueError
raise Bad(1)
