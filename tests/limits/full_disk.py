# A full disk: OSError of errno 28 at the write, the flush or the close, whichever comes to the disk.
import os


def attempt(what, function):
    try:
        function()
    except OSError as error:
        print(what, type(error).__name__, error.errno, error.strerror)
    else:
        print(what, "ended")


def close_later():
    file = open("/dev/full", "w")
    file.write("x")
    file.close()


def print_to():
    with open("/dev/full", "w") as file:
        print("x", file=file)


def raw():
    with open("/dev/full", "wb", buffering=0) as file:
        file.write(b"x")


def large():
    with open("/dev/full", "wb") as file:
        file.write(b"x" * 10**6)


def flush():
    file = open("/dev/full", "w")
    file.write("x")
    try:
        file.flush()
    finally:
        try:
            file.close()
        except OSError as error:
            print("close", error.errno, file.closed)


attempt("close", close_later)
attempt("print", print_to)
attempt("raw", raw)
attempt("large", large)
attempt("flush", flush)
attempt("os.write", lambda: os.write(os.open("/dev/full", os.O_WRONLY), b"x"))
