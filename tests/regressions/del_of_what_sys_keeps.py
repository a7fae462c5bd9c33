# Objects with __del__ that only sys keeps end after all modules: there is nothing to write to, and nothing falls over.
import sys


class Late:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("unseen")
        open("/dev/null").read()
        import os
        os.getcwd()
        raise ValueError(self.n)


sys.first = Late(1)
sys.second = [Late(2)]
sys.second.append(sys.second)
sys.stdout.kept = Late(3)
sys.modules["odd"] = Late(4)
print("end")
