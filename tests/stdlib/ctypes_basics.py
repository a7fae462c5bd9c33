from ctypes import *
libc=CDLL("libc.so.6")
print(libc.abs(-5), libc.strlen(b"hello"))
libm=CDLL("libm.so.6"); libm.sqrt.restype=c_double; libm.sqrt.argtypes=[c_double]; print(libm.sqrt(2))
class P(Structure): _fields_=[("x",c_int),("y",c_double),("n",c_char*8)]
p=P(3,4.5,b"ab"); print(sizeof(P),p.x,p.y,p.n); p.x=7; print(p.x, P.y)
a=(c_int*5)(5,3,1,4,2)
CMP=CFUNCTYPE(c_int,POINTER(c_int),POINTER(c_int))
libc.qsort.restype=None
libc.qsort(a,5,sizeof(c_int),CMP(lambda u,v:u[0]-v[0])); print(list(a))
i=c_int(42); q=pointer(i); q.contents.value=9; print(i, q[0]); 
b=create_string_buffer(b"abc",10); libc.sprintf(b,b"%d-%s",5,b"zz"); print(b.value, b.raw)
class D(Structure): _fields_=[("quot",c_int),("rem",c_int)]
libc.div.restype=D; d=libc.div(17,5); print(d.quot,d.rem)
print(c_char_p(b"q").value, cast(b, c_void_p).value==addressof(b), string_at(b,2))
