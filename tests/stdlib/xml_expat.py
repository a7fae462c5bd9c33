# XML: the parser's events, its errors, and the packages that stand on it.
import io
import xml.dom.minidom
import xml.etree.ElementTree as ElementTree
import xml.sax
from xml.parsers import expat

TEXT = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE r SYSTEM "r.dtd" [
<!ELEMENT r (a|b)*><!ELEMENT a (#PCDATA)><!ATTLIST a k CDATA #IMPLIED l CDATA "dflt">
<!ENTITY e "text of e"><!ENTITY ext SYSTEM "ext.xml"><!NOTATION n PUBLIC "pub"><!ENTITY u SYSTEM "u.gif" NDATA n>
]>
<r xmlns="urn:x" xmlns:p="urn:p"><a k="1" p:m="2">grüße € 😀 &e; &amp;</a><!-- remark --><?target data?><b><![CDATA[<raw>]]></b>&ext;</r>
"""


def show(call):
    try:
        print(ascii(call()))
    except Exception as e:
        print(type(e).__name__, e, getattr(e, "code", None))


names = [n for n in dir(expat.ParserCreate()) if n.endswith("Handler") and n not in ("DefaultHandler", "DefaultHandlerExpand", "ExternalEntityRefHandler", "NotStandaloneHandler")]
for options in [{}, {"namespace_separator": " "}]:
    for settings in [{}, {"buffer_text": True, "ordered_attributes": True, "namespace_prefixes": True}, {"specified_attributes": True}]:
        parser = expat.ParserCreate(**options)
        for name, value in settings.items():
            setattr(parser, name, value)
        for name in names:
            setattr(parser, name, lambda *args, name=name: print(name, ascii(args)))

        def external(context, base, system, public):
            print("external", context[-3:], base, system, public)
            child = parser.ExternalEntityParserCreate(context)
            child.Parse("<b>inside</b>", True)
            return 1

        parser.ExternalEntityRefHandler = external
        parser.SetBase("base")
        print(parser.Parse(TEXT[:100]), parser.Parse(TEXT[100:], True), parser.GetBase())
for text in ["<a>", "<a></b>", "", "<a b='1' b='2'/>", "<a/><b/>", "text", b"<?xml version='1.0' encoding='nosuch'?><a/>", b"<?xml version='1.0' encoding='koi8-r'?><a>\xc1</a>", "<a>\ud800</a>",
             b"<a>\xff</a>", 5, "<a>&x;</a>", "<a>\0</a>"]:
    show(lambda: expat.ParserCreate().Parse(text, True))
parser = expat.ParserCreate()
parser.StartElementHandler = lambda name, attributes: 1 / 0
show(lambda: parser.Parse("<a/>", True))
show(lambda: expat.ParserCreate().ParseFile(io.BytesIO(b"<a>\n</a>")))
show(lambda: expat.ParserCreate().ParseFile(io.StringIO("<a/>")))
show(lambda: expat.ParserCreate(namespace_separator="ab"))
show(lambda: setattr(expat.ParserCreate(), "buffer_size", 0))
parser = expat.ParserCreate()
parser.StartElementHandler = lambda name, attributes: print(parser.CurrentLineNumber, parser.CurrentColumnNumber, parser.CurrentByteIndex, parser.GetInputContext()[:7])
parser.Parse("<a>\n <b/></a>", True)
print(expat.errors.codes[expat.errors.XML_ERROR_SYNTAX], expat.errors.messages[2], expat.model.XML_CTYPE_SEQ, expat.ErrorString(3), expat.ErrorString(9999))
root = ElementTree.fromstring("<r><a n='1'>x</a>y<a n='2'/></r>")
print([e.attrib for e in root.iter("a")], root.find("a[@n='2']"). attrib, ElementTree.tostring(root))
print([(event, e.tag) for event, e in ElementTree.iterparse(io.StringIO("<r><a/></r>"), ("start", "end"))])
show(lambda: ElementTree.fromstring("<r>"))
print(xml.dom.minidom.parseString("<r><a>x</a></r>").documentElement.toprettyxml(indent=" "))


class Count(xml.sax.ContentHandler):
    def __init__(self):
        self.seen = []

    def startElement(self, name, attributes):
        self.seen.append((name, dict(attributes)))


count = Count()
xml.sax.parseString("<r><a b='c'/></r>", count)
print(count.seen)
