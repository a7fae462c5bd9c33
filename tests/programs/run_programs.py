# SPDX-License-Identifier: MIT
"""The documents' programs, exactly as written: run_programs.py BATON. Ends with `N passed, N failed`."""
import pathlib
import re
import resource
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
BATON = str(pathlib.Path(sys.argv[1]).resolve())
PROGRAMS = HERE / "documents"
STAND_IN = str(HERE.parent.parent / "scripts" / "demos" / "web-stand-in")
checks = []


def check(function):
    checks.append(function)
    return function


def run(*command, web=False, timeout=90):
    """(status, output, errors, seconds, CPU seconds of it and its children)"""
    if web:
        command = (STAND_IN, "--nginx", "--latency", "1", *command)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=PROGRAMS)
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.returncode, done.stdout, done.stderr, seconds, cpu


def same_as_cpython(program, *extra):
    """Output, errors and status are CPython's (paths and all)."""
    ours = run(BATON, *extra, program)
    theirs = subprocess.run(["/usr/bin/python3", program], capture_output=True, text=True, cwd=PROGRAMS)
    assert ours[:3] == (theirs.returncode, theirs.stdout, theirs.stderr), f"{ours[:3]}\nCPython: {(theirs.returncode, theirs.stdout, theirs.stderr)}"


@check
def asyncio_sleep():
    status, out, err, seconds, cpu = run(BATON, "asyncio_sleep.py")
    assert (status, out, err) == (0, "Start fetching...\nDone!\n", ""), (status, out, err)
    assert 2.0 <= seconds < 3.0, seconds
    assert cpu < 0.5, cpu


@check
def asyncio_return():
    status, out, err, seconds, cpu = run(BATON, "asyncio_return.py")
    assert (status, out, err) == (0, "data\n", ""), (status, out, err)
    assert 1.0 <= seconds < 2.0, seconds


@check
def multiprocessing_queue():
    status, out, err, seconds, cpu = run(BATON, "multiprocessing_queue.py")
    assert (status, out, err) == (0, "data\n", ""), (status, out, err)


@check
def multiprocessing_cpu():
    status, out, err, seconds, cpu = run(BATON, "multiprocessing_cpu.py")
    assert status == 0 and err == "", (status, err)
    assert out.count("Starting task for 10000000") == out.count("Finished task for 10000000") == 2, out
    assert re.search(r"^Multiprocessing took \d+\.\d\d seconds$", out, re.MULTILINE), out


@check
def fragment_lock():
    same_as_cpython("fragment_lock.py")


@check
def fragment_semaphore():
    same_as_cpython("fragment_semaphore.py")


@check
def threading_requests():
    status, out, err, seconds, cpu = run(BATON, "threading_requests.py", web=True)
    assert status == 0, (status, out, err)
    took = float(re.search(r"Threading took (\d+\.\d\d) seconds", out).group(1))
    assert out.count("Finished download for") == 2 and 0.9 < took < 1.9, out


@check
def asyncio_aiohttp_json():
    status, out, err, seconds, cpu = run(BATON, "asyncio_aiohttp_json.py", web=True)
    assert (status, out) == (0, "[{'answer': 42, 'name': 'stand-in'}, {'answer': 42, 'name': 'stand-in'}]\n"), (status, out, err)


@check
def asyncio_aiohttp_text():
    status, out, err, seconds, cpu = run(BATON, "asyncio_aiohttp_text.py", web=True)
    assert (status, out) == (0, f"{['x' * 4096] * 2!r}\n"), (status, out, err)


@check
def asyncio_aiohttp_downloads_alone():
    """Without the `import time` of its document's earlier block it is a NameError on line 17."""
    status, out, err, seconds, cpu = run(BATON, "asyncio_aiohttp_downloads.py")
    expected = (f'Traceback (most recent call last):\n  File "{PROGRAMS}/asyncio_aiohttp_downloads.py", line 17, in <module>\n'
                "    start_time = time.time()\n                 ^^^^\nNameError: name 'time' is not defined\n")
    assert (status, out, err) == (1, "", expected), err


@check
def document_whole():
    """The document of three blocks: each runs, in one namespace, and the downloads take about the time of the longest."""
    status, out, err, seconds, cpu = run(BATON, "--document", str(HERE / "concurrency.md"), web=True)
    assert status == 0, (status, out, err)
    for word in ("Threading", "Multiprocessing", "Asyncio"):
        assert re.search(rf"^{word} took \d+\.\d\d seconds$", out, re.MULTILINE), out
    assert 0.9 < float(re.search(r"Asyncio took (\d+\.\d\d)", out).group(1)) < 1.9, out


@check
def document_with_fragments():
    """A block that fails says why, with the document's line numbers; the next one runs; the status is 1."""
    status, out, err, seconds, cpu = run(BATON, "--document", str(HERE / "fragments.md"))
    assert status == 1, (status, out, err)
    assert out == "data\ndata\n", out
    assert err.count("IndentationError: expected an indented block after 'with' statement on line ") == 2, err
    assert "on line 33\n" in err and "on line 40\n" in err, err


@check
def many_requests():
    """1,000 at once in one thread of one session, connections reused after, and errors that name host and cause."""
    status, out, err, seconds, cpu = run("sh", "-c", 'ulimit -n 8192; exec "$0" "$@"', BATON, str(HERE / "many_requests.py"), web=True, timeout=240)
    assert status == 0, (status, out, err)
    lines = out.splitlines()
    assert lines[0] == "answers 1000 {(200, 4096)}", lines[0]
    assert lines[1].startswith("at once True") and lines[2] == "threads 1" and lines[3].startswith("reused True"), lines[:4]
    wanted = [("ClientConnectorError", "127.0.0.1:1", "Connect call failed"), ("ClientConnectorDNSError", "nonesuch.invalid:443", "not known"),
              ("ClientConnectorCertificateError", "localhost:443", "localhost"), ("TimeoutError",), ("ClientResponseError", "416", "api1.com"),
              ("ConnectionError", "127.0.0.1", "Failed to connect"), ("ConnectionError", "nonesuch.invalid", "resolve"), ("SSLError", "localhost", "certificate"),
              ("ReadTimeout", "www.python.org", "timed out")]
    for line, words in zip(lines[4:], wanted, strict=True):
        assert all(word in line for word in words), (line, words)


passed = failed = 0
for function in checks:
    try:
        function()
        passed += 1
    except Exception as error:
        failed += 1
        print(f"FAILED {function.__name__}: {type(error).__name__}: {error}", flush=True)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
