"""Read every include line and compare it with what a floor may use.

The floors and what they stand on come from the build (floors.txt). A floor
includes public headers of itself and of the floors below it as
<retort/floor/noun.h>, its own private ones as "floor/noun.h", and nothing else
of ours. Examples, benchmarks, tests of misuse and extensions use public headers;
examples and extensions also their own.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]')


def floors_of(path):
    deps = {}
    for line in pathlib.Path(path).read_text().splitlines():
        name, below = line.split(":")
        deps[name] = [d for d in re.split(r"[; ]+", below.strip()) if d]

    def all_below(name):
        found = {name}
        for dep in deps[name]:
            found |= all_below(dep)
        return found

    return {name: all_below(name) for name in deps}


def problem_of(quote, header, floor, allowed):
    """`floor` is None for what may use every public header and no private one."""
    parts = header.split("/")
    public = parts[0] == "retort" and len(parts) == 3
    if header in ("retort.h", "retort/test.h"):
        return None if floor is None else "is for applications and tests"
    if public:
        if allowed is not None and parts[1] not in allowed:
            return f"is above or beside {floor}"
        return None
    if quote == '"' and floor is None:
        return "is private"
    if quote == '"' and parts[0] != floor:
        return f"is private to {parts[0]}"
    return None


def is_own(path, header):
    """Whether it stands beside the file of an example or an extension, or in the
    extension's src."""
    parts = path.relative_to(ROOT).parts
    folders = {"examples": [path.parent],
               "ext": [path.parent, ROOT / "ext" / parts[1] / "src"]}
    return any((folder / header).is_file() for folder in folders.get(parts[0], []))


def check(path, floor, allowed):
    problems = 0
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match or (match[1] == '"' and is_own(path, match[2])):
            continue
        problem = problem_of(match[1], match[2], floor, allowed)
        if problem:
            problems += 1
            print(f"{path.relative_to(ROOT)}:{number}: {match[2]} {problem}")
    return problems


def main():
    floors = floors_of(sys.argv[1])
    problems = 0
    for floor, allowed in floors.items():
        for top in (ROOT / "src" / floor, ROOT / "include" / "retort" / floor):
            for path in sorted(top.glob("*.[chS]")):
                problems += check(path, floor, allowed)
    for folder in ("examples", "tests/misuse", "ext"):
        for path in sorted((ROOT / folder).rglob("*.[ch]")):
            problems += check(path, None, None)
    return 1 if problems else 0


sys.exit(main())
