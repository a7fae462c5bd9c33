# Matches keep where each of their groups is, also when later matches with the pattern have been made; a class may answer for `__class__`.
import re
for groups in (0, 1, 3, 4, 5, 30):
    pattern = re.compile("".join(f"(?P<g{i}>[a-z])?" for i in range(groups)) + "-")
    matches = [pattern.match("abcdefghijklmnopqrstuvwxyz"[:n] + "-") for n in range(groups + 1)]
    print(groups, [m.span() for m in matches][-1], [m.lastindex for m in matches][-3:], matches[-1].groups()[-3:], matches[0].regs[:3])
deep = re.compile("(?:(a)|b)*c")
text = "ab" * 60000 + "c"
first = deep.match(text)
second = deep.match("abac")
print(first.span(), first.span(1), second.span(), second.span(1))


class Pretender:
    __class__ = int


class Proxy:
    def __getattribute__(self, name):
        return str if name == "__class__" else object.__getattribute__(self, name)


print(isinstance(Pretender(), int), isinstance(Proxy(), str), isinstance(Proxy(), int), isinstance(1, str), isinstance(object(), (int, Proxy)))
del Proxy.__getattribute__
print(isinstance(Proxy(), str), isinstance(Proxy(), Proxy))


class Claims:
    @property
    def __class__(self):
        return list


print(isinstance(Claims(), list), isinstance(Claims(), str))
