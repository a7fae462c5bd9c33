lst = []
lst.apend(1)
