# SPDX-License-Identifier: MIT
# stdlib/unicodedata/make_tables.py: writes the C tables of the module unicodedata (unicode.h) from the host's unicodedata:
# the names of characters, their numeric values, categories, directions, widths and decompositions. Run by meson.
import sys
import unicodedata as u

# Names that are formal aliases: the host looks them up, but does not list them. One that it does not know is left out.
ALIASES = '''NULL;START OF HEADING;START OF TEXT;END OF TEXT;END OF TRANSMISSION;ENQUIRY;ACKNOWLEDGE;ALERT;BACKSPACE;CHARACTER TABULATION;
HORIZONTAL TABULATION;LINE FEED;NEW LINE;END OF LINE;LINE TABULATION;VERTICAL TABULATION;FORM FEED;CARRIAGE RETURN;SHIFT OUT;
LOCKING-SHIFT ONE;SHIFT IN;LOCKING-SHIFT ZERO;DATA LINK ESCAPE;DEVICE CONTROL ONE;DEVICE CONTROL TWO;DEVICE CONTROL THREE;
DEVICE CONTROL FOUR;NEGATIVE ACKNOWLEDGE;SYNCHRONOUS IDLE;END OF TRANSMISSION BLOCK;CANCEL;END OF MEDIUM;SUBSTITUTE;ESCAPE;
INFORMATION SEPARATOR FOUR;FILE SEPARATOR;INFORMATION SEPARATOR THREE;GROUP SEPARATOR;INFORMATION SEPARATOR TWO;RECORD SEPARATOR;
INFORMATION SEPARATOR ONE;UNIT SEPARATOR;DELETE;PADDING CHARACTER;HIGH OCTET PRESET;BREAK PERMITTED HERE;NO BREAK HERE;INDEX;NEXT LINE;
START OF SELECTED AREA;END OF SELECTED AREA;CHARACTER TABULATION SET;CHARACTER TABULATION WITH JUSTIFICATION;LINE TABULATION SET;
PARTIAL LINE FORWARD;PARTIAL LINE BACKWARD;REVERSE LINE FEED;REVERSE INDEX;SINGLE SHIFT TWO;SINGLE SHIFT THREE;DEVICE CONTROL STRING;
PRIVATE USE ONE;PRIVATE USE TWO;SET TRANSMIT STATE;CANCEL CHARACTER;MESSAGE WAITING;START OF GUARDED AREA;END OF GUARDED AREA;
START OF STRING;SINGLE GRAPHIC CHARACTER INTRODUCER;SINGLE CHARACTER INTRODUCER;CONTROL SEQUENCE INTRODUCER;STRING TERMINATOR;
OPERATING SYSTEM COMMAND;PRIVACY MESSAGE;APPLICATION PROGRAM COMMAND;NUL;SOH;STX;ETX;EOT;ENQ;ACK;BEL;BS;HT;TAB;LF;NL;EOL;VT;FF;CR;SO;SI;DLE;
DC1;DC2;DC3;DC4;NAK;SYN;ETB;CAN;EOM;EM;SUB;ESC;FS;GS;RS;US;SP;DEL;PAD;HOP;BPH;NBH;IND;NEL;SSA;ESA;HTS;HTJ;VTS;PLD;PLU;RI;SS2;SS3;DCS;PU1;PU2;
STS;CCH;MW;SPA;EPA;SOS;SGC;SCI;CSI;ST;OSC;PM;APC;NBSP;SHY;CGJ;ALM;ZWSP;ZWNJ;ZWJ;LRM;RLM;LRE;RLE;PDF;LRO;RLO;NNBSP;MMSP;WJ;LRI;RLI;FSI;PDI;
BYTE ORDER MARK;BOM;ZWNBSP;LATIN CAPITAL LETTER GHA;LATIN SMALL LETTER GHA;WEIERSTRASS ELLIPTIC FUNCTION;
PRESENTATION FORM FOR VERTICAL RIGHT WHITE LENTICULAR BRACKET'''
ALIASES = [a.strip() for a in ALIASES.replace('\n', '').split(';')]


def is_algorithmic(name):
    return name.startswith(('CJK UNIFIED IDEOGRAPH-', 'HANGUL SYLLABLE '))


def characters():
    for code in range(0x110000):
        yield code, chr(code)


def write_array(out, kind, name, values):
    out.write(f'const {kind} {name}[] = {{\n')
    for i in range(0, len(values), 16):
        out.write('    ' + ', '.join(map(str, values[i:i + 16])) + ',\n')
    out.write('};\n')


def write_texts(out, prefix, pairs):
    """Texts by code point: <prefix>_codes, and <prefix>_offsets into <prefix>_text."""
    write_array(out, 'uint32_t', prefix + '_codes', [code for code, _ in pairs])
    offsets, at = [], 0
    for _, text in pairs:
        offsets.append(at)
        at += len(text) + 1
    write_array(out, 'uint32_t', prefix + '_offsets', offsets)
    out.write(f'const char {prefix}_text[] =\n')
    for _, text in pairs:
        out.write(f'    "{text}\\0"\n')
    out.write(f'    ;\nconst size_t {prefix}_count = {len(pairs)};\n')


def ranges(value_of):
    first, current = 0, value_of(chr(0))
    for code, character in characters():
        value = value_of(character)
        if value != current:
            yield first, code - 1, current
            first, current = code, value
    yield first, 0x10FFFF, current


def main(path):
    with open(path, 'w', encoding='ascii') as out:
        out.write('// Made by make_tables.py from the host\'s unicodedata.\n#include "stdlib/unicodedata/unicode.h"\n\n')
        names = [(code, u.name(c)) for code, c in characters() if u.name(c, None) and not is_algorithmic(u.name(c))]
        write_texts(out, 'unicode_names', names)
        write_array(out, 'uint32_t', 'unicode_names_sorted', sorted(range(len(names)), key=lambda i: names[i][1]))
        aliases = []
        for alias in ALIASES:
            try:
                aliases.append((ord(u.lookup(alias)), alias))
            except (KeyError, TypeError):
                pass
        write_texts(out, 'unicode_aliases', sorted(aliases, key=lambda pair: pair[1]))
        write_texts(out, 'unicode_decompositions', [(code, u.decomposition(c)) for code, c in characters() if u.decomposition(c)])
        numbers = [(code, repr(u.numeric(c)), u.digit(c, -1)) for code, c in characters() if u.numeric(c, None) is not None]
        out.write('const UnicodeNumber unicode_numbers[] = {\n')
        out.writelines(f'    {{0x{code:X}, {digit}, {number}}},\n' for code, number, digit in numbers)
        out.write(f'}};\nconst size_t unicode_numbers_count = {len(numbers)};\n')
        for name, value_of in (('widths', u.east_asian_width), ('categories', u.category), ('directions', u.bidirectional)):
            runs = list(ranges(value_of))
            out.write(f'const UnicodeRange unicode_{name}[] = {{\n')
            out.writelines(f'    {{0x{first:X}, 0x{last:X}, "{value}"}},\n' for first, last, value in runs)
            out.write(f'}};\nconst size_t unicode_{name}_count = {len(runs)};\n')
        out.write(f'const char unicode_version[] = "{u.unidata_version}";\n')


main(sys.argv[1])
