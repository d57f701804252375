"""What requests that ask a database cost, compared: `script/bench db`.

    --rounds N                     5
    --engine sqlite|postgresql     both
    --only PATH                    requests whose path begins so, as in /db

Measured are TechEmpower's database tests on examples/bench, on a program that does
nothing but them (the limit: sqlite3, or libpq in pipeline mode) and on Flask with
SQLAlchemy under gunicorn; each with one worker, over loopback, under the same load,
with the database that script/lib/databases.py starts.

CPU is the time the scheduler gave to all processes of a server (schedstat), and
beside it that of all processes of PostgreSQL. Rounds go through all servers in
turn; given are the median and the middle half of the rounds, and the ratio to the
limit is the median of the ratios within a round.

Nothing here fails because a number is high; the exit status is not 0 when
something could not be measured or an answer is not what TechEmpower asks for.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "script/lib"))

import databases  # noqa: E402
import db_schema  # noqa: E402

# By its path: `import http` is another one.
spec = importlib.util.spec_from_file_location("bench_http", HERE / "http.py")
bench = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench)

BUILD = bench.BUILD
CONNECTIONS = 64
PQ_CONNECTIONS = 4
DEBIANS_PYTHON = "/usr/bin/python3"
MOST = {"sqlite": 1.5, "postgresql": 1.3}  # times the limit

# path, requests of a round, divided by this for Flask
REQUESTS = [
    ("/db", 20_000, 20),
    ("/queries?queries=20", 3_000, 20),
    ("/fortunes", 10_000, 20),
    ("/updates?queries=20", 1_500, 10),
    ("/cached-queries?count=20", 20_000, 20),
]


# ---- servers ----------------------------------------------------------------

class Target:
    """A server on one database: how it is started, and what it has cost."""

    def __init__(self, name, command, share=False, **environment):
        self.name = name
        self.command = command  # (port) -> argv
        self.share = share      # it gets fewer requests
        self.environment = environment
        self.cpu = {}           # path -> ns per request, by round
        self.database_cpu = {}

    def start(self, folder):
        port = bench.free_port()
        own = pathlib.Path(tempfile.mkdtemp(dir=folder))
        os.environ.update(self.environment)
        self.server = bench.Server(self.command(port), port, own / "log")


def limits(engine, url):
    if engine == "sqlite":
        program = BUILD / "bench/bench_db_limit_sqlite"
        rows = [("limit: sqlite3", [url[len("sqlite:///"):]])]
    else:
        program = BUILD / "bench/bench_db_limit_pq"
        rows = [("limit: libpq", [url, PQ_CONNECTIONS]),
                ("limit: one write", [url, PQ_CONNECTIONS, "one-write"])]
    if not program.exists():
        raise RuntimeError(f"{program.name} was not built: script/setup bench")
    return [Target(name, lambda port, a=arguments: [program, port, *a])
            for name, arguments in rows]


def retort(url):
    program = BUILD / "examples/bench/bench"
    routes = subprocess.run([program, "--database", url, "routes"],
                            capture_output=True, text=True).stdout
    if "/fortunes" not in routes:
        print("retort is left out: examples/bench has no --database")
        return []
    return [Target("retort", lambda port: [
        program, "run", "--port", port, "--workers", 1, "--database", url])]


def flask(url):
    if subprocess.run([DEBIANS_PYTHON, "-c",
                       "import flask, sqlalchemy, gunicorn, psycopg2"],
                      capture_output=True).returncode != 0:
        print("flask is left out: not all of it is installed")
        return []
    return [Target("flask", lambda port: [
        DEBIANS_PYTHON, "-m", "gunicorn", "--chdir", HERE / "db_flask", "--bind",
        f"127.0.0.1:{port}", "--workers", 1, "--threads", 4,
        "--worker-class", "gthread", "--keep-alive", 60, "app:app"],
        share=True, DATABASE=url)]


# ---- what TechEmpower's verifier looks at -----------------------------------

def get(port, path):
    """(head, body) of an answer."""
    with socket.create_connection(("127.0.0.1", port), 30) as s:
        s.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        data = b""
        while b"\r\n\r\n" not in data:
            data += receive(s)
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])
        while len(body) < length:
            body += receive(s)
    return head.decode().lower(), body.decode()


def receive(s):
    data = s.recv(65536)
    if not data:
        raise RuntimeError("the server closed in the middle of an answer")
    return data


def are_worlds(rows, count):
    return isinstance(rows, list) and len(rows) == count and all(
        row.keys() == {"id", "randomNumber"} and
        all(isinstance(n, int) and 1 <= n <= 10_000 for n in row.values())
        for row in rows)


def check_fortunes(body):
    rows = re.findall(r"<tr><td>(\d+)</td><td>(.*?)</td></tr>", body)
    texts = [*db_schema.FORTUNES, "Additional fortune added at request time."]
    unescaped = [text.replace("&lt;", "<").replace("&gt;", ">")
                 .replace("&#34;", '"').replace("&quot;", '"')
                 .replace("&#39;", "'").replace("&amp;", "&")
                 for _, text in rows]
    return unescaped == sorted(texts) and "<script>" not in body


def check(target, only):
    """Raises when an answer is not what TechEmpower asks for."""
    port = target.server.port

    def demand(holds, path):
        if not holds:
            raise RuntimeError(f"{target.name} answers {path} wrongly: "
                               f"{get(port, path)}")

    for path, *_ in REQUESTS:
        if not path.startswith(only):
            continue
        name, _, query = path.partition("?")
        head, body = get(port, path)
        if name == "/fortunes":
            demand("text/html; charset=utf-8" in head and
                   check_fortunes(body), path)
        elif name == "/db":
            demand(are_worlds([json.loads(body)], 1), path)
        else:
            demand(are_worlds(json.loads(body), 20), path)
            key = query.split("=")[0]
            # The limit reads the query where it expects it and nowhere else.
            for value, count in (("0", 1), ("x", 1), ("", 1), ("501", 500)):
                garbage = f"{name}?{key}={value}"
                demand(are_worlds(json.loads(get(port, garbage)[1]), count),
                       garbage)
            if not target.name.startswith("limit"):
                demand(are_worlds(json.loads(get(port, name)[1]), 1), name)


# ---- measuring --------------------------------------------------------------

def database_ns(database):
    if not database:
        return 0
    return sum(int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0])
               for pid in database.processes())


def measure(target, database, path, requests):
    process = subprocess.Popen(
        [str(BUILD / "bench/bench_load"), "--varying", "--path", path,
         "--port", str(target.server.port), "--connections", str(CONNECTIONS),
         "--requests", str(requests)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{target.name} {path}: the load did not begin")
        pids = target.server.pids()
        before = target.server.cpu_ns(pids), database_ns(database)
        process.communicate("\n", timeout=300)
        if process.returncode != 0:
            raise RuntimeError(f"{target.name} {path}: the load failed")
        used = target.server.cpu_ns(pids) - before[0]
        in_database = database_ns(database) - before[1]
    finally:
        process.kill()
        process.wait()
    target.cpu.setdefault(path, []).append(used / requests)
    target.database_cpu.setdefault(path, []).append(in_database / requests)


def measure_engine(engine, url, database, folder, args):
    targets = [*limits(engine, url), *retort(url), *flask(url)]
    try:
        for target in targets:
            target.start(folder)
            check(target, args.only)
        for number in range(args.rounds):
            for path, requests, share in REQUESTS:
                if not path.startswith(args.only):
                    continue
                for target in targets:
                    bench.progress(f"{engine} {path} {target.name}, round "
                                   f"{number + 1} of {args.rounds}")
                    measure(target, database, path,
                            requests // (share if target.share else 1))
    finally:
        for target in targets:
            if hasattr(target, "server"):
                target.server.stop()
    bench.progress("")
    return targets


# ---- printing ---------------------------------------------------------------

def ratio(target, limit, path):
    return statistics.median(
        a / b for a, b in zip(target.cpu[path], limit.cpu[path]))


def print_tables(engine, targets):
    for path in targets[0].cpu:
        print(f"\n{engine} {path}, microseconds per request\n")
        print(f"  {'':18} {'server':>9}  {'middle half':>20} {'x limit':>8} "
              f"{'database':>9}")
        for target in targets:
            ns = target.cpu[path]
            low, high = (n / 1000 for n in bench.quartiles(ns))
            print(f"  {target.name:18} {statistics.median(ns) / 1000:9.1f}  "
                  f"{low:8.1f} to {high:8.1f} "
                  f"{ratio(target, targets[0], path):8.2f} "
                  f"{statistics.median(target.database_cpu[path]) / 1000:9.1f}")


def print_verdicts(measured):
    if not any(t.name == "retort" for _, targets in measured for t in targets):
        return
    print("\nWhat is to be reached\n")
    for engine, targets in measured:
        for target in targets:
            for path in target.cpu if target.name == "retort" else []:
                times = ratio(target, targets[0], path)
                bench.verdict(f"{engine} {path}: at most {MOST[engine]} x limit",
                              f"{times:.2f}", times <= MOST[engine])


def main():
    parser = argparse.ArgumentParser(prog="script/bench db")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engine", choices=MOST)
    parser.add_argument("--only", default="/")
    args = parser.parse_args()
    # The load and the database have the other processor.
    os.sched_setaffinity(0, {bench.LOAD_CPU})
    measured = []
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="retort-bench-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        for engine in [args.engine] if args.engine else MOST:
            database, url = None, f"sqlite:///{folder}/bench.db"
            if engine == "postgresql":
                database = databases.Database(
                    folder / engine, databases.ENGINES[engine])
            try:
                if database:
                    database.start()
                    url = database.url
                db_schema.load(url)
                targets = measure_engine(engine, url, database, folder, args)
                measured.append((engine, targets))
            finally:
                if database:
                    database.kill()
    print(f"{args.rounds} rounds, {CONNECTIONS} connections, server on CPU "
          f"{bench.SERVER_CPU}, load and database on CPU {bench.LOAD_CPU}, load "
          f"average {os.getloadavg()[0]:.1f}, "
          f"{time.monotonic() - started:.0f} s")
    for engine, targets in measured:
        print_tables(engine, targets)
    print_verdicts(measured)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, subprocess.SubprocessError, OSError,
            databases.Failure) as error:
        print(f"script/bench db: {error}", file=sys.stderr)
        sys.exit(1)
