# A wrong template or count is told before there is a subject: nothing is released that was not taken.
import re
for call in (lambda: re.sub("x", r"\g<", "xx"), lambda: re.sub("x", r"\1", "xx"), lambda: re.sub("x", "y", "xx", count=10**30), lambda: re.split("x", "axb", maxsplit=10**30),
             lambda: re.subn("x", r"\q", "xx"), lambda: re.sub("x", "y", 3), lambda: re.compile("x").split(b"x")):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
