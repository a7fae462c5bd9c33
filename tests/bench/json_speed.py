# SPDX-License-Identifier: MIT
"""Speed of json against CPython: tests/bench/json_speed.py BATON [PYTHON]. A ratio above 1 says how many times as fast Baton is; the aim is 1."""
import statistics
import subprocess
import sys

JOBS = {
    "loads, records": "s = json.dumps([{'id': i, 'name': f'user{i}', 'score': i / 7, 'tags': ['a', 'b'], 'ok': True, 'none': None} for i in range(2000)])\ndef f(): json.loads(s)\n",
    "loads, integers": "s = json.dumps(list(range(50000)))\ndef f(): json.loads(s)\n",
    "loads, floats": "s = json.dumps([i / 7 for i in range(20000)])\ndef f(): json.loads(s)\n",
    "loads, strings": "s = json.dumps(['some text of some length %d' % i for i in range(20000)])\ndef f(): json.loads(s)\n",
    "loads, non-ASCII": "s = json.dumps(['gr\\u00fc\\u00dfe \\u20ac %d' % i for i in range(10000)], ensure_ascii=False)\ndef f(): json.loads(s)\n",
    "loads, small": "s = '{\"a\": 1, \"b\": [1, 2]}'\ndef f():\n for i in range(10000): json.loads(s)\n",
    "dumps, records": "v = [{'id': i, 'name': f'user{i}', 'score': i / 7, 'tags': ['a', 'b'], 'ok': True, 'none': None} for i in range(2000)]\ndef f(): json.dumps(v)\n",
    "dumps, integers": "v = list(range(50000))\ndef f(): json.dumps(v)\n",
    "dumps, floats": "v = [i / 7 for i in range(20000)]\ndef f(): json.dumps(v)\n",
    "dumps, strings": "v = ['some text of some length %d' % i for i in range(20000)]\ndef f(): json.dumps(v)\n",
    "dumps, non-ASCII": "v = ['gr\\u00fc\\u00dfe \\u20ac %d' % i for i in range(10000)]\ndef f(): json.dumps(v)\n",
    "dumps, sorted keys": "v = [{'z': i, 'a': i, 'm': i} for i in range(5000)]\ndef f(): json.dumps(v, sort_keys=True)\n",
    "dumps, small": "v = {'a': 1, 'b': [1, 2]}\ndef f():\n for i in range(10000): json.dumps(v)\n",
    "dumps, indented": "v = [{'z': i, 'a': [i, 'x'], 'm': i} for i in range(2000)]\ndef f(): json.dumps(v, indent=2)\n",
}
TIMER = "\nimport time\nbest = 9e9\nfor _ in range(7):\n t = time.process_time()\n f()\n best = min(best, time.process_time() - t)\nprint(best)\n"


def best(python, code):
    return float(subprocess.run([python, "-c", "import json\n" + code + TIMER], capture_output=True, text=True, check=True).stdout)


def main():
    baton, python = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "/usr/bin/python3"
    ratios = []
    for name, code in JOBS.items():
        ours, theirs = best(baton, code), best(python, code)
        ratios.append(theirs / ours)
        print(f"{name:20} {theirs / ours:6.2f}   {ours * 1000:.2f} ms against {theirs * 1000:.2f} ms", flush=True)
    print(f"{'geometric mean':20} {statistics.geometric_mean(ratios):6.2f}")


main()
