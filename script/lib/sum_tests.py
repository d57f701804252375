"""Sum the test cases of a ctest run: show what failed, then one closing line.

A program that closes with "N passed, N failed, N skipped" counts for that many
cases; any other one counts for one. A program that failed without naming a
failed case (it crashed, it ran too long) adds one failure.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

CLOSING = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")


def counts_of(output):
    for line in reversed(output.splitlines()):
        match = CLOSING.match(line.strip())
        if match:
            return [int(n or 0) for n in match.groups()]
    return None


def main():
    try:
        suite = ElementTree.parse(sys.argv[1]).getroot()
    except (OSError, ElementTree.ParseError) as error:
        print(f"no test results: {error}")
        print("0 passed, 1 failed, 0 skipped")
        return 1

    total = [0, 0, 0]
    for case in suite.iter("testcase"):
        output = case.findtext("system-out") or ""
        failed = case.get("status") == "fail"
        counts = counts_of(output)
        if counts is None:
            counts = [0, 1, 0] if failed else [1, 0, 0]
        elif failed and counts[1] == 0:
            counts[1] += 1
        total = [sum(pair) for pair in zip(total, counts)]

        if failed or counts[1] or counts[2]:
            print(f"--- {case.get('name')}")
            shown = output.strip() or "no output"
            if not (failed or counts[1]):
                lines = shown.splitlines()
                shown = "\n".join(l for l in lines if l.startswith("SKIP"))
            print(shown)
            if failed and case.find("failure") is not None:
                reason = case.find("failure").get("message") or ""
                if reason not in ("", "Failed"):
                    print(f"({reason})")
            print()

    if sum(total) == 0:
        print("no test ran")
    print("{} passed, {} failed, {} skipped".format(*total))
    return 1 if total[1] or total[0] + total[2] == 0 else 0


sys.exit(main())
