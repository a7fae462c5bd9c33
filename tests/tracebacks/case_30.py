print(f"{undefined_name!r:>{10}}")
