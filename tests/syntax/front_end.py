# SPDX-License-Identifier: MIT
"""Talks to the tool ast_dump in its batch mode (interp/ast_dump.c)."""
import subprocess
import sys
import tempfile
import unicodedata


class FrontEnd:
    def __init__(self, tool):
        self.names = tempfile.NamedTemporaryFile("w", suffix=".names")
        named = ((unicodedata.name(chr(point), ""), point) for point in range(sys.maxunicode + 1))
        self.names.writelines(f"{name}\t{point:x}\n" for name, point in sorted(named) if name)
        self.names.flush()
        self.process = subprocess.Popen([tool, "--batch", self.names.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, source, mode="exec"):
        """Gives ("tree" or "fault", the text that the tool prints) for a source of bytes."""
        self.process.stdin.write(b"%s %d\n" % (mode.encode(), len(source)) + source)
        self.process.stdin.flush()
        length = self.process.stdout.readline()
        if not length:
            raise SystemExit(f"the tool ended, status {self.process.wait()}, on {source[:2000]!r}")
        answer = self.process.stdout.read(int(length)).decode("utf-8", "surrogatepass")
        kind, _, text = answer.partition("\n")
        return kind, text


def without_warnings(text):
    return "\n".join(line for line in text.split("\n") if not line.startswith("warning "))
