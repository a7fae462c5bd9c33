x = not_here if True else 1
