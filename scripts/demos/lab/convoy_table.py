# The convoy effect: a thread that does a little I/O, again and again, beside one that computes. Each time it comes back it must
# wait until the computing thread's interval (5 ms) is over.
#
#   scripts/baton scripts/demos/lab/convoy_table.py
#   chrt -f 5 scripts/baton scripts/demos/lab/convoy_table.py      as root, where other programs want the processors too
#
# The peer, in another process, answers each datagram after 500 µs. For each policy: answers a second, as a share of what the
# thread gets alone, and the speed that is left for the computing thread, as a share of what it has alone.
import os
import threading
import time

import gil

SECONDS = 1.0

try:
    import socket
except ImportError:
    socket = None


def make_peer():
    """Starts the peer; (ask, end): ask() sends something and waits for the answer."""
    if socket is not None:
        there = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        there.bind(("127.0.0.1", 0))
        here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        address = there.getsockname()
        child = os.fork()
        if child == 0:
            while True:
                data, sender = there.recvfrom(16)
                if data == b"end":
                    os._exit(0)
                time.sleep(0.0005)
                there.sendto(data, sender)

        def ask():
            here.sendto(b"x", address)
            here.recv(16)

        return ask, lambda: (here.sendto(b"end", address), os.waitpid(child, 0))
    asked, told = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.close(asked[1])
        while os.read(asked[0], 1):
            time.sleep(0.0005)
            os.write(told[1], b"x")
        os._exit(0)

    def ask():
        os.write(asked[1], b"x")
        os.read(told[0], 1)

    return ask, lambda: (os.close(asked[1]), os.waitpid(child, 0))


class Spinner:
    """Computes until told to stop; counts its rounds."""

    def __init__(self):
        self.rounds, self.stop = 0, False

    def run(self):
        while not self.stop:
            for _ in range(1000):
                pass
            self.rounds += 1


def trips(ask):
    end, done = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        ask()
        done += 1
    return done / SECONDS


def together(ask):
    spinner = Spinner()
    thread = threading.Thread(target=spinner.run)
    thread.start()
    started = time.monotonic()
    answers = trips(ask)
    spinner.stop = True
    thread.join()
    return answers, spinner.rounds / (time.monotonic() - started)


def alone():
    spinner = Spinner()
    thread = threading.Thread(target=spinner.run)
    thread.start()
    time.sleep(SECONDS)
    spinner.stop = True
    thread.join()
    return spinner.rounds / SECONDS


ask, end = make_peer()
print(f"{'policy':14}{'answers/s':>10}{'of alone':>10}{'computing':>11}")
for name in gil.policies():
    gil.policy = name
    most, speed = trips(ask), alone()
    answers, rounds = together(ask)
    print(f"{name:14}{answers:10.0f}{answers / most:10.0%}{rounds / speed:11.0%}")
end()
