# SPDX-License-Identifier: MIT
"""Modules out of zip archives."""
import posix
from _struct import unpack_from

__all__ = ["ZipImportError", "zipimporter"]

_END = b"PK\x05\x06"         # the record behind the central directory
_being_read = set()
_stamps = {}                 # path -> (mtime, size) of the archive when it was read
_zip_directory_cache = {}    # path -> {name inside: (method, packed size, offset)}


class ZipImportError(ImportError):
    pass


def _read(path, start, length):
    with open(path, "rb") as file:
        file.seek(start)
        return file.read(length)


def _directory(path):
    """What the archive holds."""
    try:
        status = posix.stat(path)
    except OSError:
        raise ZipImportError(f"not a Zip file: {path!r}", path=path) from None
    stamp = status.st_mtime_ns, status.st_size
    if path in _zip_directory_cache and _stamps.get(path) == stamp:
        return _zip_directory_cache[path]
    tail_start = max(0, status.st_size - 65557)          # a comment of up to 65535 bytes may stand at the very end
    tail = _read(path, tail_start, 65557)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise ZipImportError(f"not a Zip file: {path!r}", path=path)
    count, size, offset = unpack_from("<HLL", tail, at + 10)
    shift = tail_start + at - size - offset               # of archives behind a first line like #!/usr/bin/env python3
    if shift < 0:
        raise ZipImportError(f"bad central directory: {path!r}", path=path)
    table, at, members = _read(path, offset + shift, size), 0, {}
    for _ in range(count):
        if table[at:at + 4] != b"PK\x01\x02" or len(table) < at + 46:
            raise ZipImportError(f"bad central directory: {path!r}", path=path)
        flags, method = unpack_from("<HH", table, at + 8)
        packed, = unpack_from("<L", table, at + 20)
        name_length, extra, comment = unpack_from("<HHH", table, at + 28)
        local, = unpack_from("<L", table, at + 42)
        name = table[at + 46:at + 46 + name_length]
        name = name.decode("utf-8", "replace") if flags & 0x800 or name.isascii() else name.decode("cp437")
        members[name] = method, packed, local + shift
        at += 46 + name_length + extra + comment
    _stamps[path] = stamp
    _zip_directory_cache[path] = members
    return members


def _member(path, member):
    method, packed, offset = member
    header = _read(path, offset, 30)
    if header[:4] != b"PK\x03\x04" or len(header) < 30:
        raise ZipImportError(f"bad local file header: {path!r}", path=path)
    name_length, extra = unpack_from("<HH", header, 26)
    data = _read(path, offset + 30 + name_length + extra, packed)
    if method == 0:
        return data
    if method != 8:
        raise ZipImportError(f"compression method {method} is not known: {path!r}", path=path)
    try:
        from zlib import decompress
    except ImportError:
        raise ZipImportError("can't decompress data; zlib not available") from None
    return decompress(data, -15)


class zipimporter:
    """The modules of one archive, or of one folder in it."""

    def __init__(self, path):
        path = posix.fspath(path)
        if not path:
            raise ZipImportError("archive path is empty", path=path)
        archive, inside = path, []
        while True:
            try:
                if posix.stat(archive).st_mode & 0o170000 == 0o100000:
                    break
            except OSError:
                pass
            archive, slash, last = archive.rpartition("/")
            if not archive:
                raise ZipImportError(f"not a Zip file: {path!r}", path=path)
            inside.insert(0, last)
        self._members = _directory(archive)
        self.archive, self.prefix = archive, "".join(folder + "/" for folder in inside)

    def __repr__(self):
        return f'<zipimporter object "{self.archive}/{self.prefix}">'

    def _place(self, fullname):
        """(name inside the archive, is it a package), or None."""
        stem = self.prefix + fullname.rpartition(".")[2]
        for name, is_package in ((stem + "/__init__.py", True), (stem + ".py", False), (stem + "/__init__.pyc", True), (stem + ".pyc", False)):
            if name in self._members:
                return name, is_package
        return None

    def _must_place(self, fullname):
        place = self._place(fullname)
        if place is None:
            raise ZipImportError(f"can't find module {fullname!r}", name=fullname)
        return place

    def find_spec(self, fullname, target=None):
        place = self._place(fullname)
        if place is None:
            return None
        from importlib.machinery import ModuleSpec
        name, is_package = place
        spec = ModuleSpec(fullname, self, origin=f"{self.archive}/{name}", is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [f"{self.archive}/{name.rpartition('/')[0]}"]
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(self.get_code(module.__name__), module.__dict__)

    def is_package(self, fullname):
        return self._must_place(fullname)[1]

    def get_filename(self, fullname):
        return f"{self.archive}/{self._must_place(fullname)[0]}"

    def get_code(self, fullname):
        name, is_package = self._must_place(fullname)
        if name.endswith(".pyc"):
            from marshal import loads
            return loads(_member(self.archive, self._members[name])[16:])      # behind its head: the format, flags, and the source's date and size
        return compile(_member(self.archive, self._members[name]), f"{self.archive}/{name}", "exec", dont_inherit=True)

    def get_source(self, fullname):
        name = self._must_place(fullname)[0]
        return None if name.endswith(".pyc") else _member(self.archive, self._members[name]).decode("utf-8")

    def get_data(self, pathname):
        name = posix.fspath(pathname).removeprefix(self.archive + "/")
        if name not in self._members:
            raise OSError(0, "", pathname)
        return _member(self.archive, self._members[name])

    def invalidate_caches(self):
        self._members = _directory(self.archive)


def _find(entry, fullname):
    """For the import machinery: the spec of a module in an entry of the path that is no folder; None: it is not there."""
    if entry in _being_read:         # what reading it imports is not in it
        return None
    _being_read.add(entry)
    try:
        return zipimporter(entry).find_spec(fullname)
    except ZipImportError:
        return None
    finally:
        _being_read.discard(entry)
