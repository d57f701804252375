"""What rendering a template costs, compared in one run: `script/bench template`.

    --rounds N   9

Renders the three pages of bench/templates (README.md there) with Retort, with a
program written by hand for the same bytes (the limit) and, where Debian's
python3-jinja2 is installed, with Jinja2; and loads the four templates of `page`
from source to what is run.

Each is a process of its own that renders when it is told to, again and again
into the same buffer; it finds the template in the cache of its environment each
time. CPU is the process's own. Rounds go through all of them in turn, so that
whatever else the machine does falls on each; given are the median and the
middle half of the rounds, and the ratio to the limit is the median of the
ratios within a round. Before anything is measured every output is compared with
the one expected, byte for byte.

The tables are of environments that do not look whether a file has changed; what
looking costs, each time or once a second as a server in production does, is given
below them.

Nothing here fails because a number is high; the exit status is not 0 when
something could not be measured or an output is wrong.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys

BUILD = pathlib.Path(os.environ.get("RETORT_BUILD", "build/release"))
TEMPLATES = pathlib.Path(__file__).parent / "templates"
DEBIANS_PYTHON = "/usr/bin/python3"

# name, renders of a round by a C program and by Jinja2. A round of ours takes
# some hundredths of a second.
WORKLOADS = [
    ("table", 150, 4),
    ("page", 8_000, 150),
    ("fortunes", 50_000, 1_000),
]
LOADS = (500, 4)
LIMIT_RATIO = 3
LOAD_US = 300
MALLOCS = 16


# ---- the processes ------------------------------------------------------------

class Engine:
    """A process that renders, and what it took in each round."""

    def __init__(self, name, argv, python=False):
        self.name = name
        self.python = python
        self.ns = {}
        self.process = subprocess.Popen(
            [str(a) for a in argv], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, preexec_fn=pin)
        self.version = self.line() if python else ""

    def line(self):
        text = self.process.stdout.readline().decode().strip()
        if not text:
            raise RuntimeError(f"{self.name} ended")
        return text

    def ask(self, command, name, times=1):
        self.process.stdin.write(f"{command} {name} {times}\n".encode())
        self.process.stdin.flush()
        return self.line()

    def output(self, name):
        return self.process.stdout.read(int(self.ask("print", name)))

    def measure(self, command, name, times):
        ns = float(self.ask(command, name, times[self.python])) / \
            times[self.python]
        self.ns.setdefault((command, name), []).append(ns)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


def pin():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def has_jinja():
    try:
        return subprocess.run([DEBIANS_PYTHON, "-c", "import jinja2"],
                              capture_output=True).returncode == 0
    except OSError:
        return False


def start_engines():
    engines = [
        Engine("limit: by hand", [BUILD / "bench/bench_template_limit",
                                  TEMPLATES]),
        Engine("retort", [BUILD / "bench/bench_template", TEMPLATES]),
    ]
    if has_jinja():
        script = pathlib.Path(__file__).parent / "template_jinja.py"
        jinja = Engine("jinja2", [DEBIANS_PYTHON, script, TEMPLATES], True)
        jinja.name = f"jinja2 {jinja.version}"
        engines.append(jinja)
    else:
        print("jinja2 is left out: python3-jinja2 is not installed")
    return engines


# ---- measuring ------------------------------------------------------------------

def check_outputs(engines):
    for name, *_ in WORKLOADS:
        expected = (TEMPLATES / f"{name}.out").read_bytes()
        for engine in engines:
            if engine.output(name) != expected:
                raise RuntimeError(f"{engine.name} renders {name} wrongly")


def measure(engines, rounds):
    for number in range(rounds + 1):
        progress(f"round {number} of {rounds}")
        for name, *times in WORKLOADS:
            for engine in engines:
                engine.measure("render", name, times)
            for engine in engines[1:]:
                engine.measure("reload", name, times)
            engines[1].measure("seldom", name, times)
        for engine in engines[1:]:
            engine.measure("load", "page", LOADS)
        if number == 0:  # warming up
            for engine in engines:
                engine.ns.clear()


# ---- printing -------------------------------------------------------------------

def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def quartiles(numbers):
    numbers = sorted(numbers)
    quarter = (len(numbers) - 1) // 4
    return numbers[quarter], numbers[-1 - quarter]


def row(name, ns, base):
    low, high = (x / 1000 for x in quartiles(ns))
    ratio = statistics.median(a / b for a, b in zip(ns, base))
    print(f"  {name:16} {statistics.median(ns) / 1000:10.2f}  "
          f"{low:9.2f} to {high:8.2f} {ratio:9.2f}")


def head(title, ratio):
    print(f"\n{title}\n")
    print(f"  {'':16} {'CPU, us':>10}  {'middle half':>21} {ratio:>9}")


def print_tables(engines):
    limit, ours = engines[:2]
    for name, *_ in WORKLOADS:
        key = ("render", name)
        size = (TEMPLATES / f"{name}.out").stat().st_size
        head(f"{name}, {size:,} bytes, per render", "x limit")
        for engine in engines:
            row(engine.name, engine.ns[key], limit.ns[key])
    head("loading the four templates of page", "x retort")
    for engine in engines[1:]:
        row(engine.name, engine.ns["load", "page"], ours.ns["load", "page"])
    head("page, when each template's file is looked at, per render", "x limit")
    for engine in engines[1:]:
        row(engine.name, engine.ns["reload", "page"],
            limit.ns["render", "page"])
    head("page, when it is looked at once a second, per render", "x limit")
    row(ours.name, ours.ns["seldom", "page"], limit.ns["render", "page"])


def verdict(text, number, holds):
    print(f"  {text:52} {number:>14}  {'holds' if holds else 'MISSED'}")


def print_verdicts(engines):
    limit, ours = engines[:2]
    print("\nWhat is to be reached\n")
    for name, *_ in WORKLOADS:
        key = ("render", name)
        ratio = statistics.median(
            a / b for a, b in zip(ours.ns[key], limit.ns[key]))
        verdict(f"{name}: at most {LIMIT_RATIO} x limit", f"{ratio:.2f}",
                ratio <= LIMIT_RATIO)
    us = statistics.median(ours.ns["load", "page"]) / 1000
    verdict(f"loading four templates: at most {LOAD_US} us", f"{us:.1f}",
            us <= LOAD_US)
    for name, *_ in WORKLOADS:
        mallocs, printfs = ours.ask("count", name).split()
        verdict(f"{name}: calls of malloc in a render", mallocs,
                int(mallocs) <= MALLOCS)
        verdict(f"{name}: calls of snprintf in a render", printfs,
                printfs == "0")


def main():
    parser = argparse.ArgumentParser(prog="script/bench template")
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    engines = start_engines()
    try:
        check_outputs(engines)
        measure(engines, args.rounds)
        progress("")
        print(f"{args.rounds} rounds, load average {os.getloadavg()[0]:.1f}; "
              "all outputs are as expected")
        print_tables(engines)
        print_verdicts(engines)
    finally:
        for engine in engines:
            engine.stop()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, subprocess.SubprocessError, OSError) as error:
        print(f"script/bench template: {error}", file=sys.stderr)
        sys.exit(1)
