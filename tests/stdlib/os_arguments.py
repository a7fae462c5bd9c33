# What os functions make of descriptors, paths of other kinds, and of wrong arguments.
import os
import tempfile
import warnings

warnings.simplefilter("error")


def tell(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class Named:
    def __init__(self, name):
        self.name = name

    def __fspath__(self):
        return self.name


class Number:
    def __index__(self):
        return folder_fd


with tempfile.TemporaryDirectory() as folder:
    os.makedirs(os.path.join(folder, "a", "b"))
    folder_fd = os.open(folder, os.O_RDONLY)
    print(os.listdir(folder_fd), os.listdir(Number()))
    with os.scandir(folder_fd) as entries:         # after listdir() read the same descriptor to its end
        kept = list(entries)
    print(kept, [e.stat().st_ino == os.stat("a", dir_fd=folder_fd).st_ino for e in kept])
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        left = os.scandir(folder)
        next(left)
        del left
        os.stat(bytearray(os.fsencode(folder)))
    print([(w.category.__name__, str(w.message).partition("<")[0]) for w in seen])
    tell(lambda: os.stat(Named(1)))
    tell(lambda: os.stat(1.0))
    tell(lambda: os.lstat(folder_fd))
    tell(lambda: os.stat("a", dir_fd="b"))
    tell(lambda: os.stat(folder_fd, dir_fd=folder_fd))
    tell(lambda: os.stat(folder_fd, follow_symlinks=False))
    tell(lambda: os.stat(1 << 40))
    tell(lambda: os.setuid("a"))
    os.close(folder_fd)
for environment in {"": "x"}, {"A=B": "x"}, {"A\0": "x"}:
    tell(lambda: os.execve("/nowhere", ["a"], environment))
for arguments in [], [""], "a":
    tell(lambda: os.execve("/nowhere", arguments, {}))
print(os.sched_param(3), os.sched_param(sched_priority=1).sched_priority)
print(repr(os.stat_result(range(10))))
