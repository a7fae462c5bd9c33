# A loop over d.items() whose variable is the pair, unpacked in its first statement: the pair is still there afterwards.
def pairs(d):
    kept = []
    for pair in d.items():
        name, value = pair
        kept.append(pair)
    return kept

print(pairs({"a": 1, "b": 2}))       # expect: [('a', 1), ('b', 2)]

def last(d):
    for pair in d.items():
        name, value = pair
    return pair

print(last({"a": 1}))                # expect: ('a', 1)

def direct(d):
    return [(value, name) for name, value in d.items()]

print(direct({"a": 1, "b": 2}))      # expect: [(1, 'a'), (2, 'b')]
