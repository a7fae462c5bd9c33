# SPDX-License-Identifier: MIT
"""What importing needs seldom: finders for one place of the path as objects, and modules that are there as compiled code only."""


def path_hook(path):
    """The finder of a place of the path, for who asks sys.path_hooks (pkgutil, runpy). ImportError: it is no such place."""
    import posix
    try:
        is_folder = posix.stat(path or ".").st_mode & 0o170000 == 0o040000
    except OSError:
        is_folder = False
    if is_folder:
        from importlib.machinery import FileFinder, SourceFileLoader, SOURCE_SUFFIXES, SourcelessFileLoader, BYTECODE_SUFFIXES
        return FileFinder(path, (SourceFileLoader, SOURCE_SUFFIXES), (SourcelessFileLoader, BYTECODE_SUFFIXES))
    from zipimport import zipimporter
    return zipimporter(path)


def sourceless(name, path, is_package):
    """The spec of a module whose compiled code stands where its source would."""
    from importlib.machinery import SourcelessFileLoader
    from importlib.util import spec_from_file_location
    return spec_from_file_location(name, path, loader=SourcelessFileLoader(name, path),
                                   submodule_search_locations=[path.rpartition("/")[0]] if is_package else None)
