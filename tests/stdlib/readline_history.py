# The history, its files, and what is said about wrong arguments. Nothing here needs a terminal.
import os
import readline
import tempfile


def attempt(f, *args):
    try:
        result = f(*args)
        print(f.__name__, args, result)
    except (ValueError, TypeError, OSError) as error:
        print(f.__name__, args, type(error).__name__, error)


attempt(readline.get_history_length)
attempt(readline.remove_history_item, -1)
attempt(readline.remove_history_item, 5)
attempt(readline.replace_history_item, -1, "x")
attempt(readline.replace_history_item, 3, "x")
for index in (9, -9, 0, 2**31 - 1):
    attempt(readline.get_history_item, index)
attempt(readline.add_history, "a\0b")
attempt(readline.read_history_file, "/nonexistent")
attempt(readline.append_history_file, 1, b"/nonexistent/x")
attempt(readline.write_history_file, "/nonexistent/x")
attempt(readline.read_history_file, 3)
for hook in ("completer", "startup_hook", "pre_input_hook", "completion_display_matches_hook"):
    attempt(getattr(readline, "set_" + hook), 3)
    attempt(getattr(readline, "set_" + hook), None)
readline.set_completer(len)
print(readline.get_completer() is len, readline.set_completer(), readline.get_completer())
print(repr(readline.get_completer_delims()))
readline.set_completer_delims(" x")
readline.set_completer_delims(" y")
print(repr(readline.get_completer_delims()), readline.get_begidx(), readline.get_endidx(), readline.get_completion_type())
readline.insert_text("abc\xe9")
print(readline.get_line_buffer())
attempt(readline.parse_and_bind, "tab: complete")
attempt(readline.read_init_file, "/nonexistent")

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "history")
    for n in range(6):
        readline.add_history(f"line {n} \xe9\u20ac")
    readline.remove_history_item(1)
    readline.replace_history_item(0, "first")
    print(readline.get_current_history_length(), readline.get_history_item(1), readline.get_history_item(2))
    readline.set_history_length(3)
    readline.write_history_file(path)
    readline.clear_history()
    print(readline.get_current_history_length())
    readline.read_history_file(path)
    print([readline.get_history_item(n + 1) for n in range(readline.get_current_history_length())])
    readline.set_history_length(-1)
    readline.append_history_file(2, path)
    readline.append_history_file(1000, path)
    print(open(path, encoding="utf-8").read())
