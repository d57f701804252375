#!/usr/bin/env python3
"""Write src/template/entities.h: the named character references of HTML.

    script/lib/entity_table.py > src/template/entities.h

Many references in a row, for the table has more than two thousand of them.
"""

from html.entities import html5


def record(name):
    """Aacute!c1 may stand without its semicolon, Abreve=102 may not."""
    sign = "!" if name in html5 else "="
    return name + sign + ",".join(f"{ord(c):x}" for c in html5[name + ";"])


def rows():
    row = ""
    for name in sorted(k[:-1] for k in html5 if k.endswith(";")):
        text = record(name)
        if row and len(row) + len(text) + 1 > 72:
            yield row
            row = ""
        row += " " * bool(row) + text
    yield row


def main():
    print("// The named character references of HTML, which html.c reads.")
    print("//")
    print("// Made by script/lib/entity_table.py. Names are in order; the code "
          "points follow\n// a name in hexadecimal. '!' marks those that also "
          "stand without a semicolon.")
    print("// clang-format off")
    print("#pragma once")
    print("\nstatic const char *const entity_rows[] = {")
    for row in rows():
        print(f'    "{row}",')
    print("};")


main()
