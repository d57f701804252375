"""Replay the recorded requests against the parity application.

    python3 run.py PROGRAM [arguments of replay.py]

The program is started on a free port and stopped again; it must end by itself
then, with status 0.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until_it_listens(port, program):
    while program.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"it ended with {program.returncode} before it listened")


def replay(port, arguments):
    return subprocess.run(
        [sys.executable, os.path.join(HERE, "replay.py"),
         f"http://127.0.0.1:{port}",
         "--requests", os.path.join(HERE, "requests-open.jsonl"),
         "--expect", os.path.join(HERE, "expected-open.jsonl"), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def main():
    port = free_port()
    # The answers must not depend on where it is started.
    program = subprocess.Popen(
        [sys.argv[1], "run", "--port", str(port)], cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True)
    try:
        wait_until_it_listens(port, program)
        result = replay(port, sys.argv[2:])
    finally:
        program.send_signal(signal.SIGTERM)
    log = program.communicate()[1]

    print(result.stdout)
    if program.returncode != 0:
        print(f"it ended with {program.returncode}:\n{log}")
    total = re.search(r"^total: \d+ of (\d+) scenarios$", result.stdout, re.M)
    failed = len(re.findall(r"^FAIL ", result.stdout, re.M))
    failed += program.returncode != 0 or not total
    print(f"{int(total[1]) - failed if total else 0} passed, {failed} failed")
    return 1 if failed or result.returncode else 0


sys.exit(main())
