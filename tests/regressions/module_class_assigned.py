# A module whose __class__ is set to a subclass of ModuleType: properties work, the module's dict stays its only one, and
# the end of the program finds the module whole.
import sys
import types


class Settable(types.ModuleType):
    @property
    def level(self):
        return self.__dict__.get("_level", 0)

    @level.setter
    def level(self, value):
        self._level = value


class Larger(types.ModuleType):
    __slots__ = ("extra",)


module = sys.modules[__name__]
module.__class__ = Settable
module.level = 3
print(module.level, _level)                     # expect: 3 3
print(type(module) is Settable, "Settable" in vars(module))   # expect: True True
own = Settable("own")
own.level, own.other = 5, 6
print(own.level, own.other, sorted(k for k in vars(own) if k[0] != "_" or k == "_level"))   # expect: 5 6 ['_level', 'other']
try:
    types.ModuleType("small").__class__ = Larger
except TypeError as error:
    print("layout differs" in str(error))       # expect: True
