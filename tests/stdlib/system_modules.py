# fcntl, termios, pty, resource, pwd, grp, mmap, _locale, syslog, _crypt, array, select.
import warnings; warnings.simplefilter("ignore")
import array, crypt, fcntl, grp, locale, mmap, os, pickle, pty, pwd, resource, select, struct, syslog, tempfile, termios, tty

with tempfile.TemporaryFile() as f:
    print(fcntl.fcntl(f, fcntl.F_GETFD), fcntl.fcntl(f.fileno(), fcntl.F_SETFD, 0), fcntl.flock(f, fcntl.LOCK_EX), fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB, 5))
    f.write(b"0123456789" * 500); f.flush()
    with mmap.mmap(f.fileno(), 0) as m:
        print(len(m), m[:5], m[3], m[-1], m[0:20:5], m.find(b"89"), m.rfind(b"01"), m.readline()[:3], m.tell(), m.size(), m.closed)
        m[0:3] = b"abc"; m[5] = 65; m.move(10, 0, 6); print(m[:20]); m.seek(2); print(m.read(4), m.read_byte()); m.write(b"xyz"); m.flush(); f.seek(0); print(f.read(15))
        view = memoryview(m)
        try: m.close()
        except BufferError as error: print(error)
        view.release(); m.resize(100); print(len(m), repr(m))
        for bad in (lambda: m[1000], lambda: m["x"], lambda: m.__setitem__(0, 999), lambda: m.__setitem__(slice(0, 2), b"xyz"), lambda: m.seek(-1), lambda: m.move(0, 90, 20), lambda: m.write(b"x" * 200), lambda: m.madvise(4, 1000)):
            try: print(bad())
            except (ValueError, IndexError, TypeError) as error: print(type(error).__name__, error)
    try: m[0]
    except ValueError as error: print(error)
    for bad in (lambda: mmap.mmap(f.fileno(), 9999), lambda: mmap.mmap(-1, -1), lambda: mmap.mmap(f.fileno(), 0, access=9)):
        try: print(bad())
        except (ValueError, OverflowError) as error: print(type(error).__name__, error)
master, slave = pty.openpty()
mode = termios.tcgetattr(slave); print(len(mode), type(mode[6][0]), os.isatty(slave))
tty.setraw(slave); raw = termios.tcgetattr(slave); print(raw[3] & termios.ECHO, raw[6][termios.VMIN]); termios.tcsetattr(slave, termios.TCSANOW, mode)
termios.tcsetwinsize(slave, (33, 44)); print(termios.tcgetwinsize(slave), struct.unpack("4H", fcntl.ioctl(slave, termios.TIOCGWINSZ, b"\0" * 8)))
room = array.array("H", [0] * 4); print(fcntl.ioctl(slave, termios.TIOCGWINSZ, room, True), room)
for bad in (lambda: termios.tcgetattr(9999), lambda: termios.tcsetattr(slave, 0, []), lambda: termios.tcsetattr(slave, 0, mode[:6] + [[]]), lambda: termios.tcsetwinsize(slave, (1,)), lambda: fcntl.ioctl(slave, 0, b"x" * 2000), lambda: fcntl.fcntl("x", 1)):
    try: print(bad())
    except (termios.error, TypeError, ValueError) as error: print(type(error).__name__, error)
os.close(master); os.close(slave)

print(resource.getrlimit(resource.RLIMIT_CORE)[0] >= -1, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0, resource.getpagesize() == mmap.PAGESIZE)
for bad in (lambda: resource.getrlimit(999), lambda: resource.setrlimit(0, (1,)), lambda: resource.getrusage(99), lambda: pwd.getpwnam("nobody here"), lambda: pwd.getpwuid(2**40), lambda: grp.getgrnam("x\0"), lambda: pwd.getpwuid("x")):
    try: print(bad())
    except (ValueError, KeyError, TypeError) as error: print(type(error).__name__, error)
root = pwd.getpwuid(0); print(root.pw_name, root.pw_dir, root == pwd.getpwnam("root"), grp.getgrgid(0).gr_name, root in pwd.getpwall())
print(locale.setlocale(locale.LC_ALL, "C"), locale.localeconv()["decimal_point"], locale.strcoll("a", "b") < 0, locale.strxfrm("a") < locale.strxfrm("b"), syslog.LOG_UPTO(3), syslog.LOG_MASK(3))
print(crypt.crypt("secret", "$6$salt$"))

a = array.array("i", [1, 2, 3]); a.append(4); a.extend([5]); a.insert(0, -9); a[1:3] = array.array("i", [7]); print(a, a.pop(), a.index(7), a.count(3), a.tobytes()[:4], a + a == a * 2, pickle.loads(pickle.dumps(a)) == a, a[::-2])
del a[::2]; print(a, array.array("d", b"\0" * 16), array.array("u", "text"), array.array("B", range(3)).tolist(), sorted(array.typecodes)[:4])
for bad in (lambda: array.array("b", [200]), lambda: array.array("x"), lambda: array.array("i", "ab"), lambda: a.append("x"), lambda: a.pop(), lambda: array.array("i", b"abc"), lambda: a + 3, lambda: a * "x", lambda: a.remove(9)):
    try: print(bad())
    except (ValueError, TypeError, OverflowError, IndexError) as error: print(type(error).__name__, error)
view = memoryview(a)
try: a.append(1)
except BufferError as error: print(error)
