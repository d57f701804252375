"""What a request costs on the server, compared in one run: `script/bench http`.

    --rounds N   of the measurement of CPU; 9
    --profile    also list the functions of ours that a request spends its
                 instructions in

Measured are a raw epoll program that answers a constant (the limit; one for text
and one for JSON, with the bytes of ours), two rules of examples/bench, nginx
`return 200` and a program on libh2o that answers a constant; and a file, by
`/file` of examples/bench and by nginx. Each has one worker, over loopback, under
the same load.

CPU is the time the scheduler gave to all processes of a server (schedstat).
Rounds go through all servers in turn, so that whatever else the machine does
falls on each of them; given are the median and the middle half of the rounds,
and the ratio to the limit is the median of the ratios within a round.
Instructions are those of user space only, counted by callgrind.

Nothing here fails because a number is high; the exit status is not 0 when
something could not be measured.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(os.environ.get("RETORT_BUILD", "build/release"))
CONNECTIONS = 64
IDLE_CONNECTIONS = 10_000
TIMEOUT_S = 60
HELLO = "Hello, World!"
HELLO_JSON = '{"message":"Hello, World!"}\n'

# name, requests under way per connection, whether they are a browser's,
# requests of a round, requests under callgrind. A round is to take a tenth of a
# second or more; who sends each pipelined answer by itself gets fewer of them.
MODES = [
    ("keep-alive, tiny requests", 1, False, 30_000, 2_000),
    ("keep-alive, browser-sized requests", 1, True, 30_000, 2_000),
    ("16 pipelined, tiny requests", 16, False, 256_000, 3_200),
    ("16 pipelined, browser-sized requests", 16, True, 256_000, 3_200),
]

# The same of the file, which is as long as a style sheet or a picture.
FILE = pathlib.Path("examples/bench/file.txt").resolve()
FILE_MODES = [
    ("a file of 32 KiB, keep-alive", 1, False, 10_000, 1_000),
]

NGINX_CONF = """
daemon off;
worker_processes 1;
worker_rlimit_nofile {files};
error_log {folder}/error.log;
pid {folder}/pid;
{user}
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location = /plaintext {{
            default_type text/plain;
            return 200 "Hello, World!";
        }}
        location = /file {{
            default_type text/plain;
            alias {file};
        }}
    }}
}}
"""


# ---- where processes run ----------------------------------------------------

def processors():
    """The processors for the server and for the load; one may have to do."""
    cpus = sorted(os.sched_getaffinity(0))
    return cpus[0], cpus[-1]


SERVER_CPU, LOAD_CPU = processors()


def pinned(cpu):
    return lambda: os.sched_setaffinity(0, {cpu})


def raise_file_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# ---- servers ----------------------------------------------------------------

class Server:
    """A server's processes, from its start to its end."""

    def __init__(self, argv, port, log):
        self.port = port
        self.log = log
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                [str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, start_new_session=True,
                env={**os.environ, "RETORT_ROOT": str(FILE.parent)},
                preexec_fn=pinned(SERVER_CPU))
        self.wait_for_port()

    def wait_for_port(self):
        deadline = time.monotonic() + TIMEOUT_S
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            time.sleep(0.02)
        self.stop()
        raise RuntimeError("the server did not start:\n" +
                           self.log.read_text(errors="replace"))

    def pids(self):
        """All processes of the session that it leads."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    fields = (entry / "stat").read_text().rpartition(")")[2]
                    if int(fields.split()[3]) == self.process.pid:
                        found.append(int(entry.name))
        return found

    def cpu_ns(self, pids):
        return sum(int(task.read_text().split()[0]) for pid in pids
                   for task in pathlib.Path(f"/proc/{pid}/task")
                   .glob("*/schedstat"))

    def private_dirty(self):
        total = 0
        for pid in self.pids():
            text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"Private_Dirty: *(\d+) kB", text)[1])
        return total * 1024

    def stop(self):
        for sig in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, sig)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(5)


class Target:
    """Something to measure: how it is started and what it answers."""

    def __init__(self, name, path, body, command, share=1, limit=0):
        self.name = name
        self.limit = limit  # the index of the target it is compared with
        self.share = share  # 1/share of the requests when they are pipelined
        self.path = path
        self.body = body
        self.command = command  # (port, folder, alone) -> argv

    def start(self, folder, wrapper=()):
        """Start it; under a wrapper it must serve in one process."""
        port = free_port()
        own = pathlib.Path(tempfile.mkdtemp(dir=folder))
        argv = self.command(port, own, bool(wrapper))
        return Server([*wrapper, *argv], port, own / "log")


def limit_command(port, folder, alone):
    return [BUILD / "bench/bench_limit_epoll", port]


def json_limit_command(port, folder, alone):
    return [BUILD / "bench/bench_limit_epoll", port, "json"]


def retort_command(port, folder, alone):
    return [BUILD / "examples/bench/bench", "run", "--port", port,
            "--workers", 0 if alone else 1]


def h2o_command(port, folder, alone):
    return [BUILD / "bench/bench_h2o_constant", port]


def nginx_program():
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
    return shutil.which("nginx", path=path)


def nginx_command(port, folder, alone):
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    conf = folder / "nginx.conf"
    conf.write_text(NGINX_CONF.format(
        port=port, folder=folder, files=files, file=FILE,
        connections=min(files, 2 * IDLE_CONNECTIONS),
        user="user root;" if os.getuid() == 0 else ""))
    alone_too = ["-g", "master_process off;"] if alone else []
    return [nginx_program(), "-p", folder, "-c", conf, *alone_too]


def targets():
    found = [
        Target("limit: raw epoll", "/plaintext", HELLO, limit_command),
        Target("limit: its JSON", "/json", HELLO_JSON, json_limit_command,
               limit=1),
        Target("retort /plaintext", "/plaintext", HELLO, retort_command),
        Target("retort /json", "/json", HELLO_JSON, retort_command, limit=1),
    ]
    if nginx_program():
        found.append(Target("nginx return 200", "/plaintext", HELLO,
                            nginx_command, share=4))
    else:
        print("nginx is left out: it is not installed")
    if (BUILD / "bench/bench_h2o_constant").exists():
        found.append(Target("h2o constant", "/plaintext", HELLO, h2o_command,
                            share=4))
    else:
        print("h2o is left out: its program was not built, because "
              "libh2o-evloop is not installed")
    return found


def file_targets():
    """The file, ours and, what it is compared with, nginx's."""
    body = FILE.read_text()
    found = [Target("retort /file", "/file", body, retort_command)]
    if nginx_program():
        found[0].limit = 1
        found.append(Target("nginx file", "/file", body, nginx_command,
                            limit=1))
    return found


# ---- load -------------------------------------------------------------------

@contextlib.contextmanager
def load(target, server, *options):
    """The load, connected and warm; go(load) lets it go on to its end."""
    process = subprocess.Popen(
        [str(BUILD / "bench/bench_load"), "--port", str(server.port),
         "--path", target.path, "--body", target.body,
         *[str(o) for o in options]],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        preexec_fn=pinned(LOAD_CPU))
    try:
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{target.name}: the load did not begin")
        yield process
    finally:
        process.kill()
        process.wait()


def go(target, process):
    process.communicate("\n", timeout=TIMEOUT_S)
    if process.returncode != 0:
        raise RuntimeError(f"{target.name}: the load failed")


def mode_options(depth, browser, requests, connections=CONNECTIONS):
    return ["--connections", connections, "--depth", depth,
            "--requests", requests, *(["--browser"] if browser else [])]


# ---- measuring --------------------------------------------------------------

def measure_cpu(all_targets, folder, rounds, modes):
    """ns[mode][target]: CPU per request, one number per round."""
    ns = [[[] for _ in all_targets] for _ in modes]
    servers = []
    try:
        for target in all_targets:
            servers.append(target.start(folder))
        for number in range(rounds):
            progress(f"CPU, round {number + 1} of {rounds}")
            for m, (_, depth, browser, requests, _) in enumerate(modes):
                for t, target in enumerate(all_targets):
                    pids = servers[t].pids()
                    n = requests // (target.share if depth > 1 else 1)
                    options = mode_options(depth, browser, n)
                    with load(target, servers[t], *options) as process:
                        before = servers[t].cpu_ns(pids)
                        go(target, process)
                        used = servers[t].cpu_ns(pids) - before
                    ns[m][t].append(used / n)
    finally:
        for server in servers:
            server.stop()
    return ns


def vgdb(server, command):
    subprocess.run(["vgdb", f"--pid={server.process.pid}", command],
                   check=True, capture_output=True, timeout=TIMEOUT_S)


def count_mode(target, server, folder, mode):
    """Instructions per request in one mode, and callgrind's file about it."""
    _, depth, browser, _, requests = mode
    for old in folder.glob("callgrind.*"):
        old.unlink()
    options = mode_options(depth, browser, requests, connections=16)
    with load(target, server, *options) as process:
        vgdb(server, "zero")
        go(target, process)
        vgdb(server, "dump")
    dump = max(folder.glob("callgrind.*"), key=lambda p: p.stat().st_mtime)
    total = int(re.search(r"^totals: (\d+)", dump.read_text(), re.M)[1])
    return total / requests, dump


def measure_instructions(all_targets, folder, modes, profiles):
    """count[mode][target]; None where it could not be counted."""
    counts = [[None for _ in all_targets] for _ in modes]
    if not shutil.which("vgdb"):
        print("instructions are left out: valgrind is not installed")
        return counts
    for t, target in enumerate(all_targets):
        progress(f"instructions of {target.name}")
        own = pathlib.Path(tempfile.mkdtemp(dir=folder))
        wrapper = ["valgrind", "--quiet", "--tool=callgrind",
                   f"--callgrind-out-file={own}/callgrind.out"]
        server = target.start(folder, wrapper)
        try:
            for m, mode in enumerate(modes):
                counts[m][t], dump = count_mode(target, server, own, mode)
                if profiles is not None and target.name.startswith("retort"):
                    profiles[target.name, mode] = dump.read_text()
        except subprocess.SubprocessError as error:
            print(f"instructions of {target.name}: {error}", file=sys.stderr)
        finally:
            server.stop()
    return counts


def measure_memory(all_targets, folder):
    """(bytes before, bytes with the idle connections) of each target."""
    found = []
    for target in all_targets:
        progress(f"memory of {target.name}")
        server = target.start(folder)
        try:
            with load(target, server, "--idle", "--connections", 1) as one:
                go(target, one)
            before = server.private_dirty()
            with load(target, server, "--idle",
                      "--connections", IDLE_CONNECTIONS) as many:
                found.append((before, server.private_dirty()))
                go(target, many)
        finally:
            server.stop()
    return found


# ---- a profile --------------------------------------------------------------

class Profile:
    """Instructions by function and, as most is inlined, by source file.

    callgrind's file has a line for each place with what it spent, below lines
    that name the function and the source; a line `calls=` is followed by what
    the callee spent in all.
    """

    def __init__(self, text):
        self.names = {}
        self.itself = collections.Counter()
        self.called = collections.Counter()
        self.files = collections.Counter()
        self.read(text)

    def name(self, kind, value):
        """Names are given once, "(7) main", and then by their number."""
        match = re.match(r"(\(\d+\)) ?(.*)", value)
        if not match:
            return value
        kind = "function" if kind.endswith("fn") else "file"
        if match[2]:
            self.names[kind, match[1]] = match[2]
        return self.names.get((kind, match[1]), match[1])

    def read(self, text):
        function = file = callee = None
        for line in text.splitlines():
            key, is_spec, value = line.partition("=")
            if is_spec and key in ("fl", "fi", "fe"):
                file = self.name(key, value)
            elif is_spec and key in ("cfi", "cfl"):
                self.name(key, value)
            elif is_spec and key == "fn":
                function = self.name(key, value)
            elif is_spec and key == "cfn":
                callee = self.name(key, value)
            elif re.match(r"[+*\-\d]\S* \d+$", line):
                cost = int(line.split()[1])
                if callee:
                    # What recurs would count again and again.
                    if callee != function:
                        self.called[function] += cost
                    callee = None
                else:
                    self.itself[function] += cost
                    self.files[file] += cost

    def inclusive(self):
        """Without main and the loop, in which everything is spent."""
        all_of_it = sum(self.itself.values())
        return collections.Counter({
            name: cost for name, cost in (self.itself + self.called).items()
            if cost < 0.99 * all_of_it})


def print_top(title, counter, requests, rows=25):
    print(f"\n  {title}")
    for name, cost in counter.most_common(rows):
        name = name.split(".lto_priv")[0].split(".isra")[0]
        print(f"  {cost / requests:8.0f}  {name}")


def print_profiles(profiles):
    for (name, mode), text in sorted(profiles.items()):
        profile = Profile(text)
        print(f"\n{name}, {mode[0]}: instructions per request")
        files = collections.Counter()
        for path, cost in profile.files.items():
            files["/".join(path.split("/")[-2:])] += cost
        for title, counter in (("in functions themselves", profile.itself),
                               ("with what they call", profile.inclusive()),
                               ("by source", files)):
            print_top(title, counter, mode[4])


# ---- printing ---------------------------------------------------------------

def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text} ...", end="", file=sys.stderr, flush=True)


def quartiles(numbers):
    numbers = sorted(numbers)
    quarter = (len(numbers) - 1) // 4
    return numbers[quarter], numbers[-1 - quarter]


class Row:
    """One target in one mode."""

    def __init__(self, name, ns, limit_ns, count, limit_count):
        self.name = name
        self.us = statistics.median(ns) / 1000
        self.low, self.high = (x / 1000 for x in quartiles(ns))
        self.ratio = statistics.median(a / b for a, b in zip(ns, limit_ns))
        self.count = count
        self.count_ratio = count / limit_count if count and limit_count else None

    def __str__(self):
        text = (f"  {self.name:20} {self.us:8.2f}  "
                f"{self.low:7.2f} to {self.high:6.2f} {self.ratio:8.2f}")
        if self.count is None:
            return text + f"{'-':>14}"
        ratio = f"{self.count_ratio:10.1f}" if self.count_ratio else ""
        return text + f"{self.count:14,.0f}{ratio}"


def make_rows(all_targets, ns, counts):
    """The rows of each mode."""
    return [[Row(target.name, ns[m][t], ns[m][target.limit], counts[m][t],
                 counts[m][target.limit])
             for t, target in enumerate(all_targets)]
            for m in range(len(ns))]


def print_tables(modes, rows, than="limit"):
    ratio = "x " + than
    for mode, table in zip(modes, rows):
        print(f"\n{mode[0]}, per request\n")
        print(f"  {'':20} {'CPU, us':>8}  {'middle half':>17} {ratio:>8}"
              f"{'instructions':>14}{ratio:>10}")
        for row in table:
            print(row)


def print_memory(all_targets, memory):
    print(f"\n{IDLE_CONNECTIONS:,} idle connections, Private_Dirty\n")
    print(f"  {'':20} {'before, KiB':>12} {'with them, KiB':>15} "
          f"{'bytes each':>11}")
    for target, (before, after) in zip(all_targets, memory):
        print(f"  {target.name:20} {before / 1024:12,.0f} "
              f"{after / 1024:15,.0f} "
              f"{(after - before) / IDLE_CONNECTIONS:11,.0f}")
    print("  (nginx has made its table of connections before)")


def verdict(text, numbers, holds):
    print(f"  {text:70} {numbers:>16}  {'holds' if holds else 'MISSED'}")


def not_above(ours, other):
    """Whether we cost no more than another one by more than the spread."""
    spread = max(ours.high - ours.low, other.high - other.low)
    return ours.us <= other.us + spread


def print_verdicts(all_targets, rows, files, memory):
    names = [t.name for t in all_targets]
    us, json = names.index("retort /plaintext"), names.index("retort /json")
    print("\nWhat is to be reached, by /plaintext and by /json\n")
    for mode, table in zip(MODES, rows):
        most = 1.2 if mode[1] == 1 else 1.75
        for row in (table[us], table[json]):
            verdict(f"{mode[0]}, {row.name.split()[1]}: "
                    f"at most {most} x limit",
                    f"{row.ratio:.2f}", row.ratio <= most)
        for other in table[us + 2:] if mode[1] == 1 else []:
            verdict(f"{mode[0]}: not above {other.name.split()[0]}",
                    f"{table[us].us:.2f} / {other.us:.2f}",
                    not_above(table[us], other))
    if len(files) == 2:
        ours, nginx = files
        verdict("a file of 32 KiB: not above nginx",
                f"{ours.us:.2f} / {nginx.us:.2f}", not_above(ours, nginx))
    before, after = memory[us]
    each = (after - before) / IDLE_CONNECTIONS
    verdict("an idle connection: at most 1,024 bytes", f"{each:,.0f}",
            each <= 1024)


def main():
    parser = argparse.ArgumentParser(prog="script/bench http")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--profile", action="store_true")
    args = parser.parse_args()
    if raise_file_limit() < IDLE_CONNECTIONS + 100:
        print("the limit of open files is too low for "
              f"{IDLE_CONNECTIONS:,} connections", file=sys.stderr)
        return 1

    os.sched_setaffinity(0, {LOAD_CPU})
    all_targets = targets()
    with_file = file_targets()
    profiles = {} if args.profile else None
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="retort-bench-") as name:
        folder = pathlib.Path(name)
        ns = measure_cpu(all_targets, folder, args.rounds, MODES)
        counts = measure_instructions(all_targets, folder, MODES, profiles)
        file_ns = measure_cpu(with_file, folder, args.rounds, FILE_MODES)
        file_counts = measure_instructions(with_file, folder, FILE_MODES,
                                           profiles)
        memory = measure_memory(all_targets, folder)
    progress("")
    seconds = time.monotonic() - started
    print(f"{args.rounds} rounds, {CONNECTIONS} connections, server on CPU "
          f"{SERVER_CPU}, load on CPU {LOAD_CPU}, load average "
          f"{os.getloadavg()[0]:.1f}, {seconds:.0f} s")
    rows = make_rows(all_targets, ns, counts)
    print_tables(MODES, rows)
    files = make_rows(with_file, file_ns, file_counts)
    print_tables(FILE_MODES, files, than="nginx" if len(with_file) > 1 else "ours")
    print_memory(all_targets, memory)
    print_verdicts(all_targets, rows, files[0], memory)
    if profiles:
        print_profiles(profiles)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, subprocess.SubprocessError, OSError) as error:
        print(f"script/bench http: {error}", file=sys.stderr)
        sys.exit(1)
