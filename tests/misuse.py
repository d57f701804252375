"""Run one program that uses the API wrongly and must be stopped for it.

The source says how, in comments anywhere in the file:

    // args: --version              arguments of the program, none by default
    // exit: 1                      its exit status, or a signal: SIGABRT
    // stderr: <regular expression> may be repeated; each must be found

In an expression `{line:MARK}` stands for the number of the line that has the
comment /* MARK */, so a test can ask for the caller's own file and line.
"""

import re
import signal
import subprocess
import sys


def comments(lines, key):
    start = f"// {key}: "
    return [l[len(start):].strip() for l in lines if l.startswith(start)]


def line_of(lines, mark):
    for number, line in enumerate(lines, 1):
        if f"/* {mark} */" in line:
            return number
    raise SystemExit(f"no line has the comment /* {mark} */")


def expected_status(text):
    return -int(getattr(signal, text)) if text.startswith("SIG") else int(text)


def main():
    source, program = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        lines = file.read().splitlines()
    exits = comments(lines, "exit")
    patterns = comments(lines, "stderr")
    if len(exits) != 1 or not patterns:
        print(f"{source}: needs one `// exit:` line and a `// stderr:` line")
        return 1
    arguments = [a for l in comments(lines, "args") for a in l.split()]

    result = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, timeout=60)
    problems = []
    if result.returncode != expected_status(exits[0]):
        problems.append(f"ended with {result.returncode}, not {exits[0]}")
    for pattern in patterns:
        pattern = re.sub(r"\{line:(\w+)\}",
                         lambda m: str(line_of(lines, m[1])), pattern)
        if not re.search(pattern, result.stderr):
            problems.append(f"standard error has no /{pattern}/")
    for problem in problems:
        print(f"{source}: {problem}")
    if problems:
        print(f"--- standard error\n{result.stderr}--- standard output\n"
              f"{result.stdout}")
    return 1 if problems else 0


sys.exit(main())
