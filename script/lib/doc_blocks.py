"""Compile the C code in README.md and docs/.

A block opens with ```c. One with a main() is a whole program; another one is a
piece of a file, or of a function that has `app` and `req` at hand, and includes
<retort.h> if it includes nothing itself, and <retort/db.h> if it uses that. ```c ignore is only looked at.

A block below a line <!-- path --> is a copy of that file and must stay one.

A page with a comment <!-- ... is compiled behind this: ... --> has code in the last
column of its tables, too: what ends in ; or } there is a piece of a function.

Relative links must lead to files, and docs/README.md to every guide.
"""

import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FLAGS = ["-std=gnu11", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
         "-Wno-unused-function", "-Wno-unused-variable",
         "-Wno-unused-but-set-variable", "-Wno-unused-parameter",
         "-Wno-unused-value", "-I", str(ROOT / "include"),
         *(f"-I{p}" for p in sorted(ROOT.glob("ext/*/include"))), "-x", "c", "-"]


def blocks_of(path):
    """Yields (line number of the first line, text, path of its original)."""
    start, lines, original = None, [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if start is None:
            if re.match(r"```c\s*$", line):
                start, lines = number + 1, []
            elif line.strip():
                match = re.match(r"<!-- (\S+) -->$", line)
                original = match and match[1]
        elif line.startswith("```"):
            yield start, "\n".join(lines) + "\n", original
            start = original = None
        else:
            lines.append(line)


def tables_of(path):
    """The rows of a page's tables as one block, each row a function."""
    text = path.read_text()
    match = re.search(r"<!--[^\n]* is compiled behind this:\n(.*?)-->", text, re.S)
    if not match:
        return
    rows = [match[1]]
    for number, line in enumerate(text.splitlines(), 1):
        last = line.rstrip("| ").rpartition(" | ")[2] if line[:1] == "|" else ""
        code = [c for c in re.findall(r"`([^`]+)`", last) if c[-1] in ";}"]
        if code:
            rows.append(f'#line {number} "{path.relative_to(ROOT)}"\n'
                        f"static rt_response *row_{number}(void)\n"
                        f"#line {number}\n" "{ " + " ".join(code) + " }\n")
    flags = '#pragma GCC diagnostic ignored "-Wreturn-type"\n'
    yield 1, flags + "#include <retort.h>\n" + "".join(rows), None


def compile_text(text):
    return subprocess.run(["gcc", *FLAGS], input=text, text=True,
                          capture_output=True)


def problem_of(block):
    path, start, text, original = block
    if original and (ROOT / original).read_text() != text:
        return f"{path.relative_to(ROOT)}:{start}: differs from {original}"
    head = "" if "#include" in text else "#include <retort.h>\n"
    if head and re.search(r"\brt_(db|sql|page|model)_|\bRT_TX\b", text):
        head += "#include <retort/db.h>\n"
    at = f'#line {start} "{path.relative_to(ROOT)}"\n'
    as_file = compile_text(head + at + text)
    if as_file.returncode == 0:
        return None
    if not re.search(r"\bmain\(", text):
        opening = "static void piece(rt_app *app, rt_request *req)\n{\n"
        as_body = compile_text(head + opening + at + text + "}\n")
        if as_body.returncode == 0:
            return None
        # Whichever reading went further is the one that was meant.
        if as_body.stderr.count("error:") < as_file.stderr.count("error:"):
            return as_body.stderr
    return as_file.stderr


def links_of(path):
    """The files that the relative links of a page lead to, outside its code."""
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", path.read_text(), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            yield target, (path.parent / target).resolve()


def broken_links(files):
    for path in files:
        for target, file in links_of(path):
            if not file.exists():
                yield f"{path.relative_to(ROOT)}: {target} leads nowhere"
    index = ROOT / "docs" / "README.md"
    listed = {file for _, file in links_of(index)} | {index}
    for guide in sorted((ROOT / "docs").glob("*.md")):
        if guide not in listed:
            yield f"docs/README.md does not name {guide.name}"


def main():
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    blocks = [(path, *block) for path in files if path.exists()
              for block in [*blocks_of(path), *tables_of(path)]]
    with ThreadPoolExecutor(2) as pool:
        problems = [p for p in pool.map(problem_of, blocks) if p]
    links = list(broken_links([*files, ROOT / "ARCHITECTURE.md",
                               ROOT / "CONTRIBUTING.md"]))
    passed = len(blocks) - len(problems) + (0 if links else 1)
    problems += links
    for problem in problems:
        print(problem)
    print(f"{passed} passed, {len(problems)} failed, 0 skipped")
    return 1 if problems else 0


sys.exit(main())
