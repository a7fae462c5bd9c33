# Tracebacks written by hand, after a time, on a signal, and by a process that dies.
import faulthandler, os, signal, subprocess, sys, tempfile, time

def text_of(call):
    with tempfile.TemporaryFile("w+") as file:
        call(file)
        file.seek(0)
        return [line for line in file.read().split("\n") if "File" not in line or "in inner" in line or "in <module>" in line]

def inner(file):
    faulthandler.dump_traceback(file, all_threads=False)
for line in text_of(inner): print(line.replace(__file__, "FILE"))
def later(file):
    faulthandler.dump_traceback_later(0.05, file=file)
    time.sleep(0.2)
print(text_of(later)[0])
def by_signal(file):
    faulthandler.register(signal.SIGUSR1, file, all_threads=False)
    os.kill(os.getpid(), signal.SIGUSR1)
    print(faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))
print(text_of(by_signal)[0])
for wrong in (lambda: faulthandler.dump_traceback_later(0), lambda: faulthandler.register(signal.SIGSEGV), lambda: faulthandler.register(0),
              lambda: faulthandler.enable(-1), lambda: faulthandler.enable(object())):
    try: wrong()
    except Exception as e: print(type(e).__name__, e)
print(faulthandler.is_enabled())
done = subprocess.run([sys.executable, "-X", "faulthandler", "-c", "import faulthandler; print(faulthandler.is_enabled(), flush=True); faulthandler._sigabrt()"], capture_output=True, text=True)
print(done.returncode, done.stdout.strip(), done.stderr.split("\n")[0])
