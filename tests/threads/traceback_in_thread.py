# The traceback of a thread, and of several causes, on standard error; the exit status stays 0.
import threading


def inner(value):
    return 10 / value


def outer():
    try:
        inner(0)
    except ZeroDivisionError as error:
        raise RuntimeError("no result") from error


thread = threading.Thread(target=outer, name="divider")
thread.start()
thread.join()
print("still here")
