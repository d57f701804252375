"""Compare what the shared library exports with what the public headers declare."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NAME = re.compile(r"^rt_[a-z]")


def main():
    listing = subprocess.run(["nm", "-D", "--defined-only", sys.argv[1]],
                             check=True, capture_output=True, text=True).stdout
    exported = {line.split()[-1].split("@")[0] for line in listing.splitlines()}
    declared = set()
    hidden = set()
    inline = set()
    for header in (ROOT / "include").rglob("*.h"):
        text = header.read_text()
        declared |= set(re.findall(r"\brt_[a-z]\w*", text))
        hidden |= set(re.findall(r"\b(rt__\w+)\(", text))
        inline |= set(re.findall(r"static inline [\w *]+?\b(rt__\w+)\(", text))

    problems = [f"{s}: exported, and not of the form rt_*"
                for s in sorted(exported) if not NAME.match(s)]
    problems += [f"{s}: exported, and in no public header"
                 for s in sorted(exported - declared) if NAME.match(s)]
    # An inline function or a macro that calls one would not link, unless the
    # callee is inline itself.
    problems += [f"{s}: called in a public header, and not exported"
                 for s in sorted(hidden - inline)]
    if not exported:
        problems.append("nothing is exported")
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


sys.exit(main())
