import struct
nan = float("nan")
T = ["pack('b',200)","pack('B',-1)","pack('h',99999)","pack('H',99999)","pack('<h',99999)","pack('<I',-1)","pack('I',2**40)","pack('i',2**40)","pack('q',2**70)","pack('<q',2**70)","pack('Q',-1)","pack('<Q',-1)",
"pack('l',2**70)","pack('i','x')","pack('i',1.5)","pack('c','a')","pack('c',b'ab')","pack('5s','a')","pack('5p','a')","pack('f','a')","pack('f',1e300)","pack('e',1e6)","pack('<f',1e300)","pack('ii',1)","pack()",
"unpack('i',b'')","unpack_from('i',b'abc')","unpack_from('i',b'abcdef',4)","unpack_from('i',b'abcdef',-2)","unpack_from('i',b'abcdef',-9)","pack_into('i',bytearray(3),0,1)","pack_into('i',bytearray(3),-1,1)",
"pack_into('i',bytearray(8),-9,1)","pack_into('i',bytearray(8),7,1)","pack_into('i',bytearray(8),0,1,2)","pack_into('i',b'aaaa',0,1)","pack_into('i',bytearray(8))","pack_into('i')","pack_into()","calcsize('z')",
"calcsize('<P')","calcsize('<n')","calcsize('3')","calcsize('é')","calcsize(3)","iter_unpack('',b'')","iter_unpack('i',b'abc')","unpack('i','abc')","Struct('i').pack('x')",
"pack('P',-1)","pack('P','a')","pack('?',[])","pack('n',2**70)","pack('N',-1)","pack('H','x')","pack('0s')","calcsize('\\0i')","pack('<B',300)","pack('>l',2**31)","pack('L',-1)","pack('e',nan)",
"pack('<bBhHiIlLqQ',-1,255,-2,65535,-3,2**32-1,-4,5,-6,2**64-1)","pack('>bhiq?c3s5pxf',-1,-2,-3,-4,True,b'z',b'abcd',b'xyz',1.5)","pack('=ed',0.1,-0.1)","pack('@bhilq',1,2,3,4,5)","calcsize('bq')","calcsize('b0q')",
"unpack('<bBhHiIlLqQ',bytes(range(200,242)))","unpack('>bBhHiIlLqQ',bytes(range(200,242)))","unpack('>efd',bytes(range(60,74)))","unpack('3s5p?c',b'abc\\x03zyxwt\\x01c')","list(struct.iter_unpack('<H',b'abcdef'))",
"unpack_from('<H',b'abcdef',-2)","unpack_from(format:='<H',b'abcdef',offset=1)","pack('e',65504.0)","pack('e',65519.9)","pack('e',65520.0)","pack('<e',5.9e-8)","pack('<e',1e-9)","unpack('<e',b'\\x01\\x00')[0] == 2**-24","unpack('<2e',b'\\x00\\x7c\\x00\\xfc')",
"pack(' 2h 3x ',1,2)","pack('!I',1)","Struct('<ih').size","Struct('<ih').format","Struct(b'<ih').format","pack('1000p',b'x'*500)[:3]","calcsize('99999999999999999999i')"]
for i, text in enumerate(T):
    try:
        print(i, eval("struct." + text))
    except Exception as e:
        print(i, type(e).__name__, e)
b = bytearray(8); struct.pack_into(">H", b, -2, 258); struct.Struct("<I").pack_into(b, 0, 7); print(b)
