lst = [1, 2]
idx = 5
if lst[idx] > 3 and lst[0]:
    pass
