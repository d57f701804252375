"""Run clang-tidy over every source that the build compiles.

The verdict on a file is kept under a digest of everything it depends on: the
file with its includes put in (comments too, for NOLINT), its flags and
.clang-tidy. So a second run looks only at what changed.
"""

import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FINDING = re.compile(r"^(?=[^\s:]+:\d+:\d+: (?:warning|error): )", re.M)


def entries_of(build):
    with open(build / "compile_commands.json", encoding="utf-8") as file:
        entries = json.load(file)
    return [e for e in entries if e["file"].endswith(".c")]


def digest_of(entry, config):
    words = shlex.split(entry["command"])
    while "-o" in words:
        at = words.index("-o")
        del words[at:at + 2]
    words.remove("-c")
    text = subprocess.run([*words, "-E", "-C", "-w"], cwd=entry["directory"],
                          capture_output=True).stdout
    digest = hashlib.sha256(text)
    digest.update(config)
    digest.update(" ".join(words).encode())
    return digest.hexdigest()


def tidy(build, entry, config):
    """Returns (output, failed)."""
    kept = build / "tidy" / digest_of(entry, config)
    if kept.exists():
        return kept.read_text(), False
    result = subprocess.run(
        ["clang-tidy", "--quiet", "-p", str(build), entry["file"]],
        capture_output=True, text=True)
    output = result.stdout.replace(str(ROOT) + "/", "").strip()
    if result.returncode != 0:
        return output or result.stderr, True
    kept.write_text(output)
    return output, False


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    (build / "tidy").mkdir(exist_ok=True)
    config = (ROOT / ".clang-tidy").read_bytes()
    entries = entries_of(build)
    failed = 0
    seen = set() # what is said about a header is said once

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda e: tidy(build, e, config), entries)
        for output, bad in results:
            failed += bad
            for finding in FINDING.split(output):
                if finding.strip() and finding not in seen:
                    seen.add(finding)
                    print(finding.rstrip())
    return 1 if failed else 0


sys.exit(main())
