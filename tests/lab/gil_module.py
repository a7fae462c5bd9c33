# The module gil: what threads do now, what was recorded, and settings.
import gil
import sys
import threading
import time

lock = threading.Lock()
lock.acquire()
waiter = threading.Thread(target=lambda: lock.acquire() and lock.release(), name="waiter")
sleeper = threading.Thread(target=time.sleep, args=(0.5,), name="sleeper", daemon=True)
joiner = threading.Thread(target=sleeper.join, name="joiner")
for t in (waiter, sleeper, joiner):
    t.start()
end = time.monotonic() + 20
while time.monotonic() < end and not all(row["state"] == "blocked" and row["reason"] != "start" for row in gil.threads()[1:]):
    time.sleep(0.01)
for row in gil.threads():
    print(row["name"], row["state"], row["reason"], row["waits_for"], row["held_by"], row["daemon"])
# expect: MainThread holds None None None False
# expect: waiter blocked lock lock MainThread False
# expect: sleeper blocked sleep None None True
# expect: joiner blocked join thread sleeper False
lock.release()
for t in (waiter, joiner):
    t.join()

try:
    gil.events()
except RuntimeError as error:
    print("nothing" in str(error))                  # expect: True
with gil.trace() as run:
    time.sleep(0.01)
    with gil.trace() as inner:
        threading.Thread(target=time.sleep, args=(0.01,), name="inside").start()
        time.sleep(0.03)
    print(len(gil.events()) > 4)                    # expect: True
    time.sleep(0.01)
sleeps = [event for event in run.events() if event.event == "lets go" and event.reason == "sleep"]
print(sorted((event.thread, event.function) for event in sleeps))
# expect: [('MainThread', '<module>'), ('MainThread', '<module>'), ('MainThread', '<module>'), ('inside', 'Thread.run')]
print({event.thread for event in inner.events()} == {"MainThread", "inside"}, len(inner.events()) < len(run.events()))   # expect: True True
print(sleeps[0].line, sleeps[0].file.endswith("gil_module.py"))     # expect: 32 True
print("blocked: sleep" in run.report(), max(map(len, run.report(50).split("\n"))) <= 50)      # expect: True True
print(gil.events() == run.events())                 # expect: True
try:
    with run:
        with run:
            pass
except RuntimeError as error:
    print(error)                                    # expect: this trace is running already
for wrong in ("run.exe", "", 3):
    try:
        gil.trace(wrong)
    except (ValueError, TypeError) as error:
        print(type(error).__name__)                 # expect: ValueError
        # expect: ValueError
        # expect: TypeError
try:
    with gil.trace("/nowhere/run.json"):
        pass
except OSError as error:
    print(error.strerror)                           # expect: No such file or directory

before = gil.switch_interval
gil.switch_interval = 0.002
print(sys.getswitchinterval(), before)              # expect: 0.002 0.005
try:
    gil.switch_interval = -1
except ValueError:
    print("refused")                                # expect: refused
same = [threading.Thread(target=time.sleep, args=(0.001,), name="namesake") for each in range(3)]
for t in same:
    t.start()
for t in same:
    t.join()
print(gil.stats()["threads"]["namesake"]["releases"]["sleep"]["times"])    # expect: 3
print(sorted(gil.stats()["total"]))                 # expect: ['forced', 'held', 'holds', 'lost', 'releases', 'waited', 'waits']
