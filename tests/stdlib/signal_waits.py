# Waiting for a signal with what came with it; a wake-up descriptor must not block; sets of signals with impossible numbers.
import os
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGUSR1)
info = signal.sigwaitinfo([signal.SIGUSR1])
print(type(info).__name__, info.si_signo == signal.SIGUSR1, info.si_pid == os.getpid(), len(info), info.si_errno)
print(signal.sigtimedwait([signal.SIGUSR1], 0), signal.sigtimedwait({signal.SIGUSR1}, 0.01))
os.kill(os.getpid(), signal.SIGUSR1)
print(signal.sigtimedwait([signal.SIGUSR1], 10).si_code)


def tell(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e if not isinstance(e, OSError) else "")


tell(signal.sigtimedwait, [signal.SIGUSR1], -1)
tell(signal.sigtimedwait, [0], 1)
tell(signal.pthread_sigmask, signal.SIG_BLOCK, [1000])
r, w = os.pipe()
tell(signal.set_wakeup_fd, w)
os.set_blocking(w, False)
tell(signal.set_wakeup_fd, w)
tell(signal.set_wakeup_fd, -1)
signal.signal(signal.SIGUSR2, lambda number, frame: print("came"))
with open(os.pidfd_open(os.getpid()), closefd=True) as pidfd:
    signal.pidfd_send_signal(pidfd.fileno(), signal.SIGUSR2)
tell(signal.pidfd_send_signal, 0, signal.SIGUSR2)

import _thread
signal.signal(signal.SIGTERM, signal.SIG_DFL)
_thread.interrupt_main(signal.SIGTERM)        # simulated: the default action is not taken
signal.signal(signal.SIGTERM, signal.SIG_IGN)
_thread.interrupt_main(signal.SIGTERM)
print("still here")
