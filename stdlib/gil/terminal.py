# SPDX-License-Identifier: MIT
"""What a text can use where it is going: width, colours, characters beyond ASCII."""
import posix

_COLOURS = {"green": 32, "red": 31, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36, "grey": 90, "bold": 1, "dim": 2}
# By reason of being blocked; other reasons are grey.
REASON_COLOURS = {"sleep": "blue", "read": "cyan", "write": "cyan", "accept": "cyan", "connect": "cyan", "poll": "cyan", "transfer": "cyan", "dns": "cyan", "open": "cyan",
                  "file": "cyan", "lock": "magenta", "join": "grey", "wait": "grey", "ffi": "yellow", "hash": "yellow", "compress": "yellow", "database": "yellow"}


class Terminal:
    def __init__(self, fd, width=None, colours=None, unicode=None):
        environ = posix.environ
        get = lambda name: environ.get(name.encode(), b"").decode("utf-8", "replace")
        self.is_terminal = posix.isatty(fd)
        self.width, self.height = 80, 24
        try:
            size = posix.get_terminal_size(fd)
            self.width, self.height = size.columns or 80, size.lines or 24
        except OSError:
            pass
        if get("COLUMNS").isdecimal() and int(get("COLUMNS")):
            self.width = int(get("COLUMNS"))
        if width:
            self.width = width
        self.width = max(self.width, 20)
        self.colours = (self.is_terminal and not get("NO_COLOR") and get("TERM") != "dumb") if colours is None else colours
        language = get("LC_ALL") or get("LC_CTYPE") or get("LANG")
        self.unicode = (language in ("", "C") or "utf" in language.lower()) and get("PYTHONIOENCODING") != "ascii" if unicode is None else unicode
        if language == "POSIX" and unicode is None:
            self.unicode = False

    def paint(self, text, colour):
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.colours and colour else text

    def cells(self, cells):
        """The text of (character, colour or SGR code) pairs; cells of one colour that stand together share its codes."""
        text, now = "", ""
        for character, colour in cells:
            code = str(_COLOURS.get(colour, colour)) if self.colours and colour else ""
            if code != now:
                text += ("\x1b[0m" if now else "") + (f"\x1b[{code}m" if code else "")
                now = code
            text += character
        return text + ("\x1b[0m" if now else "")

    def plain(self, text):
        """The text as this terminal can show it."""
        text = text.replace("\u00a0", " ")
        if self.unicode:
            return text
        for character, instead in (("×", "x"), ("÷", "/"), ("µ", "u"), ("…", "..."), ("·", "."), ("—", "-"), ("–", "-")):
            text = text.replace(character, instead)
        return text.encode("ascii", "backslashreplace").decode()

    def wrap(self, text, indent="", first=None):
        """Lines no wider than the terminal, broken at blanks."""
        lines, line = [], indent if first is None else first
        begun = False
        for word in text.split(" "):
            if begun and len(line) + 1 + len(word) > self.width:
                lines.append(line)
                line, begun = indent, False
            line = f"{line} {word}" if begun else line + word
            begun = True
        return lines + [line]


def clip(text, width):
    """The text in so many columns, cut in the middle of nothing: its end says that it was cut."""
    return text if len(text) <= width else text[:max(width - 1, 0)] + "~"
