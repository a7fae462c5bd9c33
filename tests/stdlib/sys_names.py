# The names of the library's modules.
import sys
print(type(sys.stdlib_module_names).__name__, len(sys.stdlib_module_names), {"os", "threading", "_thread", "sys"} <= sys.stdlib_module_names, "requests" in sys.stdlib_module_names)
