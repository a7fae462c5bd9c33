# What is left in cycles at the end of a program is finalized while print() and the names it uses are there.
import sys


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("end of", self.name, len(self.name), sys.byteorder == "little")


class Node:
    pass


in_cycle = Node()
in_cycle.me = in_cycle
in_cycle.noisy = Noisy("a cycle")
items = []
items.append(items)
print("the last line")
