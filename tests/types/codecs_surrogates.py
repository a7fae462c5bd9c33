# Surrogates that an error handler can take, and those that it cannot; braces inside the brackets of a format field.
def a(f):
    try: return ascii(f())
    except Exception as e: return type(e).__name__+' '+ascii(str(e))
for x in ('{0[{]}','{0[}]}','{0[{1}]}','{0[a]{}}','{[}'):
    print(x,a(lambda:x.format({'{':5,'}':6,'a':1},2)))
for s in ('[\udc80\ud800\udfff]','\udc80\udc81\u20ac','\ud800\udc80','\udcff'):
    for enc in ('utf-8','ascii','latin-1','utf-16-le'):
        for h in ('surrogateescape','surrogatepass','strict'):
            print(ascii(s),enc,h,a(lambda:s.encode(enc,h)))
