# subprocess, and the calls of os around processes.
import os, signal, subprocess, sys
run = subprocess.run
print(run(["cat"], input=b"through", capture_output=True), run("echo $0 out; echo err >&2; exit 3", shell=True, capture_output=True, text=True))
for bad in (lambda: run(["/nonexistent"]), lambda: run(["true"], cwd="/nonexistent"), lambda: run(["sleep", "9"], timeout=0), lambda: run(["false"], check=True), lambda: run([]), lambda: run(["true"], pass_fds=["x"]), lambda: run(["a\0b"]), lambda: run(["true"], preexec_fn=lambda: 1 / 0)):
    try: print(bad())
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error: print(type(error).__name__, str(error).split(" after ")[0])
r, w = os.pipe()
print(run(["sh", "-c", f"echo kept >&{w}"], pass_fds=[w]).returncode, os.read(r, 9), run(["sh", "-c", f"echo x >&{w}"], stderr=subprocess.DEVNULL).returncode != 0)
p = subprocess.Popen(["sleep", "9"]); print(p.poll()); p.terminate(); print(p.wait(), p.args)
print(run(["sh", "-c", "ulimit -n; umask"], umask=0o27, stdout=-1, preexec_fn=lambda: os.nice(0)).stdout.split()[-1], run(["env"], env={"A": "1"}, stdout=-1).stdout, run(["pwd"], cwd="/", stdout=-1).stdout)
print(run(["sh", "-c", "kill -PIPE $$; echo alive"], stdout=-1, restore_signals=True).returncode, os.getpgid(0) != int(run(["sh", "-c", "ps -o pgid= -p $$ 2>/dev/null || cut -d' ' -f5 /proc/$$/stat"], stdout=-1, start_new_session=True).stdout))
with subprocess.Popen(["sort"], stdin=-1, stdout=-1, text=True) as p: print(p.communicate("b\na\n"))

pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 7"], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]); print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
pid = os.fork()
if pid == 0: os._exit(5)
info = os.waitid(os.P_PID, pid, os.WEXITED); print(info.si_status, info.si_code == os.CLD_EXITED, info.si_signo == signal.SIGCHLD)
pid, fd = os.forkpty()
if pid == 0: os.write(1, b"tty" if os.isatty(0) else b"no"); os._exit(0)
print(os.read(fd, 9), os.wait4(pid, 0)[1]); os.close(fd)
fd = os.memfd_create("name"); os.writev(fd, [b"ab", b"cd"]); print(os.preadv(fd, [room := bytearray(3)], 1), room, os.pread(fd, 9, 0)); os.close(fd)
fd = os.eventfd(3); os.eventfd_write(fd, 4); print(os.eventfd_read(fd)); os.close(fd)
print(len(os.getrandom(5)), os.sched_get_priority_max(os.SCHED_OTHER), os.getpriority(os.PRIO_PROCESS, 0) is not None, os.major(os.makedev(3, 4)), os.confstr("CS_PATH") is not None, os.pathconf("/", "PC_NAME_MAX"))
for bad in (lambda: os.posix_spawn("/nonexistent", ["x"], {}), lambda: os.posix_spawn("/bin/true", [], {}), lambda: os.posix_spawn("/bin/true", ["x"], {}, file_actions=[(9, 9)]), lambda: os.sysconf("x"), lambda: os.readv(0, 3), lambda: os.setgroups(["x"]), lambda: os.getxattr("/", "user.none")):
    try: print(bad())
    except (OSError, ValueError, TypeError) as error: print(type(error).__name__, error.__class__ is OSError or error)
