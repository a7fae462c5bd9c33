# SPDX-License-Identifier: MIT
"""Runs CPython's test files under Baton and holds the counts against the list: all_files.py BATON [--update] [--jobs N] [WORD ...].

With words, only files whose name has one. --update runs CPython too, and writes the counts (and, with no reason yet, the first failure as the
reason) into the list; a new file is added by a line `section<TAB>module`. Ends with `N passed, N failed`: files.
"""
import argparse
import concurrent.futures
import sys
import time

from conformance import HOST, LIST, Entry, read_list, run_file


def compare(entry, baton):
    """Why the file fails now; None: it keeps its number."""
    run = run_file(baton, entry.module)
    passed = len(run.passed())
    if passed < int(entry.baton):
        lost = [f"    {outcome} {name}: {why}" for name, (outcome, why) in run.tests.items() if outcome in ("fail", "error")]
        return "\n".join([f"{passed} tests pass, {entry.baton} did{'; ' + run.ending if run.ending else ''}", *lost[:20]])
    if run.ending and "ends:" not in entry.reason:
        return run.ending
    return None


def measure(entry, baton):
    """The entry with both counts taken anew, and the differences for a person to read."""
    theirs = run_file(HOST, entry.module)
    start = time.monotonic()
    ours = run_file(baton, entry.module)
    seconds = time.monotonic() - start
    missing = sorted(theirs.passed() - ours.passed())
    report = [f"== {entry.module}: {len(ours.passed())} of {len(theirs.passed())} {ours.ending}"]
    for name in missing:
        outcome, why = ours.tests.get(name, ("not run", ""))
        report.append(f"   {outcome:7} {name.removeprefix(entry.module + '.')}  {why}")
    for name, (outcome, why) in ours.tests.items():
        if name not in theirs.tests:
            report.append(f"   {outcome:7} only here: {name}  {why}")
    reason = entry.reason
    if not missing:
        reason = ""
    elif ours.ending and "ends:" not in reason:
        reason = f"ends: {ours.ending}"
    return entry._replace(cpython=str(len(theirs.passed())), baton=str(len(ours.passed() & theirs.passed())), seconds=f"{seconds:.1f}", reason=reason), "\n".join(report)


def write_list(entries):
    head = [line for line in LIST.read_text().splitlines() if line.startswith("#")]
    LIST.write_text("\n".join(head + ["\t".join(e) for e in entries]) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("baton")
    parser.add_argument("words", nargs="*")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_intermixed_args()
    entries = read_list()
    wanted = [e for e in entries if not given.words or any(w in e.module or w == e.section for w in given.words)]
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        if given.update:
            fresh = {}
            for entry, report in pool.map(lambda e: measure(e, given.baton), wanted):
                fresh[entry.module] = entry
                print(report, flush=True)
            write_list([fresh.get(e.module, e) for e in entries])
            total, ours = sum(int(e.cpython) for e in fresh.values()), sum(int(e.baton) for e in fresh.values())
            print(f"{ours} of {total} tests: {100 * ours / max(total, 1):.1f} %")
            return
        failed = 0
        for entry, why in zip(wanted, pool.map(lambda e: compare(e, given.baton), wanted)):
            if why:
                failed += 1
                print(f"FAILED {entry.module}: {why}", flush=True)
    print(f"{len(wanted) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
