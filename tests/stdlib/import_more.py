# Importing beside our own finder: compiled code without source, archives, pkgutil's walk, hooks of the program's, places that are
# not absolute, code objects in marshal.
import importlib
import importlib.util
import marshal
import os
import pkgutil
import py_compile
import runpy
import sys
import tempfile
import zipfile

tag = sys.implementation.cache_tag
start = os.getcwd()
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.makedirs("pkg/sub")
    for name, text in {"pkg/__init__.py": "x = 1", "pkg/sub/__init__.py": "y = 2", "pkg/m.py": "z = 3"}.items():
        with open(name, "w") as f:
            f.write(text)
    sys.path.insert(0, ".")
    import pkg.m
    print(pkg.m.__file__ == os.path.realpath("pkg/m.py"), pkg.m.__spec__.cached == pkg.m.__cached__ == importlib.util.cache_from_source(pkg.m.__file__))
    print(os.path.basename(pkg.m.__cached__).replace(tag, "TAG"))
    print([(m.name, m.ispkg) for m in pkgutil.walk_packages(pkg.__path__, "pkg.")])
    py_compile.compile("pkg/m.py", cfile="solo.pyc")
    import solo
    print(solo.z, type(solo.__loader__).__name__)
    os.mkdir("compiled")
    py_compile.compile("pkg/__init__.py", cfile="compiled/__init__.pyc")
    import compiled
    print(compiled.x, [os.path.basename(p) for p in compiled.__path__])
    print(importlib.reload(pkg.m).z)

    with zipfile.ZipFile("z.zip", "w") as z:
        z.write("solo.pyc", "inside.pyc")
        z.writestr("zz/__init__.py", "print('in zz')")
        z.writestr("__main__.py", "import sys; print('main', __name__, sys.argv[0])")
    sys.path.insert(0, "z.zip")
    import inside, zz
    print(inside.z, sorted(m.name for m in pkgutil.iter_modules(["z.zip"])))
    runpy.run_path("z.zip")

    class Finder:
        def __init__(self, path):
            if path != "magic":
                raise ImportError

        def find_spec(self, name, target=None):
            if name == "conjured":
                return importlib.util.spec_from_loader(name, self)
            if name == "portion":
                spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
                spec.submodule_search_locations = [os.path.join(folder, "pkg")]
                return spec

        def create_module(self, spec):
            return None

        def exec_module(self, module):
            module.value = "by a hook"

    sys.path_hooks.append(Finder)
    sys.path.append("magic")
    import conjured, portion.m
    print(conjured.value, portion.m.z, type(sys.path_importer_cache["magic"]).__name__)
    try:
        import nowhere
    except ImportError as e:
        print(e)
    os.chdir(start)

code = marshal.loads(marshal.dumps([compile("6 * 7", "somewhere", "eval"), 1]))
print(eval(code[0]), code[0].co_filename, code[1])
for damaged in (b"c", b"c\x05\0\0\0hello", marshal.dumps(code[0])[:-3], b"c\xff\xff\xff\x7fx"):
    try:
        marshal.loads(damaged)
    except (ValueError, EOFError) as e:
        print("refused")
