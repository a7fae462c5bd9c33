# SPDX-License-Identifier: MIT
"""Writes seeds for fuzz_json: make_json_corpus.py FOLDER. Documents of every kind of value, whole and cut."""
import json
import os
import sys

values = [None, True, 12, -1.5e-7, 10**30, "text", "\u00e9\u20ac\U0001f600\ud800\n\"\\", [], {}, [1, [2, [3]]], {"a": {"b": [None, {"c": "d"}]}, "\u00fc": 1}]
documents = [json.dumps(values), json.dumps(values, ensure_ascii=False), "[NaN, Infinity, -Infinity]", '{"a" : [ 1 , 2 ] }']
documents += [json.dumps(v) for v in values] + [document[:len(document) // 2] for document in documents]
for number, document in enumerate(documents):
    with open(os.path.join(sys.argv[1], f"seed{number}"), "wb") as out:
        out.write(document.encode("utf-8", "surrogatepass"))
