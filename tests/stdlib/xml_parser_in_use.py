# A parser that is told to parse from within one of its handlers refuses, and stays whole.
from xml.parsers import expat

parser = expat.ParserCreate()


def start(name, attributes):
    parser.CharacterDataHandler = None
    parser.buffer_text = True
    try:
        parser.Parse("<x/>")
    except RuntimeError as e:
        print(name, e)


parser.StartElementHandler = start
parser.CharacterDataHandler = print
parser.Parse("<a>text<b>more</b></a>", True)
# expect: a the parser is parsing already
# expect: b the parser is parsing already
