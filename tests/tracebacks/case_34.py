def a(): b()
def b(): c()
def c():
    try: d()
    finally: pass
def d(): 1 // 0
a()
