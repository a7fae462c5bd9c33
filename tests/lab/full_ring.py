# A spool that takes nothing for a while: recording goes on without waiting, what has no room is counted, and what comes later stands
# behind a gap that says how much is missing.
import _gil
import os
import tempfile
import threading
import time
from gil.reader import GAP, RECORD

folder = tempfile.mkdtemp()
pipe = f"{folder}/{os.getpid()}.events"
os.mkfifo(pipe)
end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
os.set_blocking(end, True)
zero = os.open("/dev/zero", os.O_RDONLY)
_gil.trace_start(folder, True)
for turn in range(60000):            # two records each: more than a pipe and a ring hold
    os.read(zero, 1)
events, dropped, recording, draining = _gil.cost()
print(events > 120000, 50000 < dropped < events)         # expect: True True

data = []


def read_all():
    while part := os.read(end, 1 << 16):
        data.append(part)


reader = threading.Thread(target=read_all)
reader.start()
time.sleep(0.3)
for turn in range(100):
    os.read(zero, 1)
_gil.trace_stop()
reader.join()
events, dropped, recording, draining = _gil.cost()
records = list(RECORD.iter_unpack(b"".join(data)))
gaps = [record for record in records if record[4] == GAP]
print(len(gaps) >= 1, sum(record[2] for record in gaps) == dropped)       # expect: True True
print(len(records) - len(gaps) == events - dropped)      # expect: True
times = {}
print(all(times.get(r[1], 0) <= r[0] and not times.update({r[1]: r[0]}) for r in records))   # expect: True
for name in os.listdir(folder):
    os.unlink(f"{folder}/{name}")
os.rmdir(folder)
