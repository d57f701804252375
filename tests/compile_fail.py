"""Programs that must not compile: tests/compile_fail/*.c, by gcc and by clang.

The first line of each says what the compiler must complain about:

    // error: <regular expression>

The word matters as much as the failure: a mistake in the test itself would fail
too. Where a file uses RT_GOOD, it must compile with that macro defined, which
shows that the one wrong line is what stops it.
"""

import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLAGS = ["-std=gnu11", "-fsyntax-only", "-D_GNU_SOURCE", "-Wall", "-Wextra",
         "-Wpedantic", "-Wno-unused-function", "-Werror=int-conversion", "-I", str(ROOT / "include"),
         "-I", str(ROOT / "src"), "-I", str(ROOT / "ext/db/include")]


def compile_with(compiler, source, *more):
    return subprocess.run([compiler, *FLAGS, *more, str(source)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def problem_of(compiler, source):
    text = source.read_text()
    first = text.splitlines()[0] if text else ""
    if not first.startswith("// error: "):
        return "its first line is not `// error: <regular expression>`"
    pattern = first.removeprefix("// error: ").strip()

    result = compile_with(compiler, source)
    if result.returncode == 0:
        return f"compiles with {compiler}, but must not"
    errors = [l for l in result.stdout.splitlines() if "error" in l]
    if not any(re.search(pattern, line) for line in errors):
        return f"{compiler} does not say /{pattern}/:\n{result.stdout}"
    if "RT_GOOD" in text:
        result = compile_with(compiler, source, "-DRT_GOOD", "-Werror")
        if result.returncode != 0:
            return f"{compiler} refuses it with RT_GOOD too:\n{result.stdout}"
    return None


def main():
    folder = ROOT / "tests" / "compile_fail"
    sources = sorted(folder.glob("*.c"))
    compilers = [c for c in ("gcc", "clang") if shutil.which(c)]
    runs = [(c, s) for s in sources for c in compilers]

    with ThreadPoolExecutor(2) as pool:
        problems = list(pool.map(lambda run: problem_of(*run), runs))
    failed = 0
    for (_, source), problem in zip(runs, problems):
        if problem:
            failed += 1
            print(f"FAIL {source.relative_to(ROOT)}: {problem}")
    print(f"{len(runs) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


sys.exit(main())
