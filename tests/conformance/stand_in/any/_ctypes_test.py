# SPDX-License-Identifier: MIT
"""The functions in C that CPython's tests of ctypes call: the host's own library of them, which is loaded by ctypes and not as a module.

It was made to be a module too, and for that asks for four names of CPython's when it is loaded: a library made here has them.
"""
import ctypes
import glob
import os
import subprocess
import sys
import tempfile

__file__ = glob.glob(os.path.join(os.path.dirname(os.__file__), "lib-dynload", "_ctypes_test.*.so"))[0]

with tempfile.TemporaryDirectory() as folder:
    source, library = os.path.join(folder, "names.c"), os.path.join(folder, "names.so")
    with open(source, "w") as out:
        out.write("char _Py_NoneStruct[64];\nvoid PyArg_ParseTuple(void) {}\nvoid PyList_Append(void) {}\nvoid PyModuleDef_Init(void) {}\n")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    ctypes.CDLL(library, ctypes.RTLD_GLOBAL)
