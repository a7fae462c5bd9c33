import sys
class E(Exception): pass
def deep(n):
    if n == 0: raise E("deep é 漢字")
    deep(n - 1)
deep(6)
