class A: 
  __slots__=()
A().fooo = 1
