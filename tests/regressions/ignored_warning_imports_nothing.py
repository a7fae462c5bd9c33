# A warning that the filters of a start ignore does not import warnings, and all that it stands on, for nothing.
import subprocess
import sys

PROGRAM = "import sys; open(sys.executable, 'rb').read(1); print('warnings' in sys.modules)"
for options in [], ["-W", "default"], ["-X", "dev"]:
    done = subprocess.run([sys.executable, "-S", *options, "-c", PROGRAM], capture_output=True, text=True)
    print(options, done.stdout.strip() if not options else "", "ResourceWarning" in done.stderr)
