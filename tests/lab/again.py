# SPDX-License-Identifier: MIT
# For run_steer.py: runs a small racy program 1,000 times under each kind of control, each run in a forked child, and counts
# how many different runs there were, by output and by everything recorded.
import os
import socket
import sys
import threading

import _gil_steer as steer

counter = 0
order = []


def work(name):
    global counter
    for i in range(4):
        counter += 1
        order.append(name)


def compute():
    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return f"{counter} {order}"


def talk():
    """Threads that talk through a pipe, a pair of sockets and a connection, and one that computes."""
    global counter
    said = []
    reading, writing = os.pipe()
    one, other = socket.socketpair()
    server = socket.create_server(("127.0.0.1", 0))

    def echo():
        connection = server.accept()[0]
        while word := connection.recv(10):
            said.append(word)
            os.write(writing, word.upper())
        os.close(writing)

    def relay():
        while word := os.read(reading, 1):
            one.send(word * 2)
        one.close()

    def ask():
        client = socket.create_connection(server.getsockname())
        for word in (b"x", b"y", b"z"):
            client.send(word)
            said.append(other.recv(2))
        client.close()
    threads = [threading.Thread(target=f) for f in (echo, relay, ask)] + [threading.Thread(target=work, args=("w",))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for end in (one, other, server):
        end.close()
    os.close(reading)
    return f"{said} {counter} {order}"


def once(tape, program, rule, number, choices):
    tape.clear()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        steer.start(rule, number, 3, 60, choices=choices, tape=tape)
        text = program()
        os.write(writing, text.encode())
        os._exit(0)
    os.close(writing)
    text = os.read(reading, 10000).decode()
    os.close(reading)
    os.waitpid(child, 0)
    numbers = {}                 # addresses by the order in which they come: the parent's memory changes between runs
    records = [tuple(numbers.setdefault(field, -len(numbers)) if type(field) is int and field > 1 << 20 else field for field in record) for record in tape.records()]
    return text, hash(tuple(records))


tape = steer.Tape(1 << 24)
times = int(sys.argv[1])
kinds = {"seed": (steer.RANDOM, 7, ()), "every": (steer.EVERY, 5, ()), "choices": (steer.KEEP, 0, [(4, 0), (9, 2), (12, 1)]), "priorities": (steer.PRIORITIES, 3, ())}
for kind, (rule, number, choices) in kinds.items():
    for program in (compute, talk):
        print(kind, program.__name__, len({once(tape, program, rule, number, choices) for _ in range(times)}))
print("seeds", len({once(tape, compute, steer.RANDOM, seed, ())[0] for seed in range(20)}) > 5)
