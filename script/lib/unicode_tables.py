#!/usr/bin/env python3
"""Write src/template/text_tables.h: what Python's str knows of code points and
utf8proc does not.

    script/lib/unicode_tables.py > src/template/text_tables.h

Everything is asked of the str methods themselves. A table that utf8proc's
categories already give (letters, title case letters) is not written.
"""

import sys
import unicodedata

ALL = [c for c in range(0x110000) if not 0xd800 <= c <= 0xdfff]


def ranges_of(accepts):
    """The code points for which accepts(str) holds, as [first, last] pairs."""
    ranges = []
    for c in ALL:
        if accepts(chr(c)):
            if ranges and ranges[-1][1] == c - 1:
                ranges[-1][1] = c
            else:
                ranges.append([c, c])
    return ranges


def category(c):
    return unicodedata.category(c)


def print_rows(rows):
    line = "   "
    for row in rows:
        if len(line) + len(row) + 2 > 80:
            print(line)
            line = "   "
        line += f" {row},"
    print(line)


def print_ranges(name, comment, ranges):
    print(f"\n// {comment}")
    print(f"static const rune_range {name}[] = {{")
    print_rows(f"{{0x{a:04x}, 0x{b:04x}}}" for a, b in ranges)
    print("};")


def print_runes(name, comment, runes):
    print(f"\n// {comment}")
    print(f"static const uint32_t {name}[] = {{")
    print_rows(f"0x{c:04x}" for c in runes)
    print("};")


def print_mappings(name, comment, mapping):
    print(f"\n// {comment}")
    print(f"static const rune_mapping {name}[] = {{")
    rows = []
    for c in ALL:
        mapped = mapping(chr(c))
        if len(mapped) > 1:
            to = ", ".join(f"0x{ord(m):04x}" for m in mapped)
            rows.append(f"{{0x{c:04x}, {{{to}}}}}")
    print_rows(rows)
    print("};")


# A sigma at the end of a word is another letter in lower case. What is
# case-ignorable is looked through on the way to the letter before it.
def is_case_ignorable(c):
    return ("A" + c + "\u03a3").lower()[-1] == "\u03c2" and \
           (c + "\u03a3").lower()[-1] == "\u03c3"


def main():
    print("// What text_unicode.c adds to utf8proc.")
    print("//")
    print("// Made by script/lib/unicode_tables.py with Python "
          f"{sys.version_info[0]}.{sys.version_info[1]}, Unicode "
          f"{unicodedata.unidata_version}.")
    print("// clang-format off")
    print("#pragma once")
    print("\n#include <stdint.h>")
    print("\ntypedef struct rune_range {\n    uint32_t first;\n"
          "    uint32_t last;\n} rune_range;")
    print("\ntypedef struct rune_mapping {\n    uint32_t from;\n"
          "    uint32_t to[3]; // zero: no more\n} rune_mapping;")
    print_ranges("spaces", "str.isspace beyond ASCII",
                 ranges_of(lambda c: c > "\x7f" and c.isspace()))
    print_runes("zeros", "The zeros of each script; nine digits follow each.",
                [c for c in ALL if unicodedata.decimal(chr(c), -1) == 0])
    print_ranges("digits", "str.isdigit without str.isdecimal",
                 ranges_of(lambda c: c.isdigit() and not c.isdecimal()))
    print_ranges("numerals", "str.isnumeric outside Nd, Nl and No",
                 ranges_of(lambda c: c.isnumeric() and category(c)[0] != "N"))
    print_ranges("lowers", "str.islower outside Ll",
                 ranges_of(lambda c: c.islower() and category(c) != "Ll"))
    print_ranges("uppers", "str.isupper outside Lu",
                 ranges_of(lambda c: c.isupper() and category(c) != "Lu"))
    print_ranges("ignorables", "Case-ignorable: no part of a word's case",
                 ranges_of(is_case_ignorable))
    starts = ("Lu", "Ll", "Lt", "Lm", "Lo", "Nl")
    print_ranges("id_starts", "Begins an identifier, or (those of category L) "
                 "does not, unlike its category",
                 ranges_of(lambda c: c.isidentifier() !=
                           (category(c) in starts)))
    print_ranges("id_continues", "The same for what goes on in an identifier",
                 ranges_of(lambda c: ("a" + c).isidentifier() !=
                           (category(c) in starts + ("Mn", "Mc", "Nd", "Pc"))))
    print_mappings("to_upper", "Upper case of several code points", str.upper)
    print_mappings("to_lower", "Lower case of several code points", str.lower)
    print_mappings("to_title", "Title case of several code points", str.title)
    print_mappings("to_folded", "Folded case of several code points",
                   str.casefold)


main()
