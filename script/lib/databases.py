#!/usr/bin/env python3
"""PostgreSQL and MariaDB for tests, on a free port of 127.0.0.1.

    databases.py with postgresql mariadb -- command [argument...]
    databases.py start postgresql|mariadb FOLDER     prints the URL
    databases.py stop FOLDER                         as an administrator does
    databases.py kill FOLDER                         all its processes, by -9
    databases.py restart FOLDER                      the same data and port

`with` starts them in a temporary folder, runs the command and leaves nothing of
them, however it ends itself. The command finds in its environment

    RETORT_TEST_POSTGRESQL, RETORT_TEST_MARIADB          their URLs
    RETORT_TEST_POSTGRESQL_FOLDER, ..._MARIADB_FOLDER    for kill and restart
    RETORT_TEST_DATABASES                                this program

without those of an engine that is not installed, which is said on stderr.

The user of the URL may do everything there is. Nothing is synced to disk: what was
committed survives `kill`, because the kernel has it, but no loss of power. Both
engines refuse to run as root; for root they run as their packages' users, who must
be able to reach FOLDER.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

TIMEOUT_S = 60
PASSWORD = "secret"


class Failure(Exception):
    """Its text is for people."""


class Postgresql:
    name = "postgresql"
    scheme = "postgresql"
    account = "postgres"
    program = "postgres"
    stop_signal = signal.SIGINT  # does not wait for clients to leave

    @staticmethod
    def tool(name):
        """Debian keeps the programs of each version in a folder of its own."""
        found = pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
        versions = sorted(found, key=lambda p: float(p.parts[-3]))
        return str(versions[-1]) if versions else shutil.which(name)

    def install(self, folder, run):
        password = folder / "password"
        password.write_text(PASSWORD + "\n")
        data = folder / "data"
        run([self.tool("initdb"), "--no-sync", "--auth=scram-sha-256",
             "--username=retort", f"--pwfile={password}", "--encoding=UTF8",
             "--locale=C.UTF-8", "-D", data])
        run([self.tool("postgres"), "--single", "-F", "-D", data, "postgres"],
            input=b"CREATE DATABASE retort;\n")

    def command(self, folder, port):
        settings = ["listen_addresses=127.0.0.1", f"port={port}",
                    "unix_socket_directories=", "fsync=off",
                    "full_page_writes=off", "timezone=UTC"]
        return [self.tool("postgres"), "-D", folder / "data",
                *[word for s in settings for word in ("-c", s)]]

    def is_ready(self, port):
        return subprocess.run(
            [self.tool("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        ).returncode == 0


class Mariadb:
    name = "mariadb"
    scheme = "mysql"
    account = "mysql"
    program = "mariadbd"
    stop_signal = signal.SIGTERM

    @staticmethod
    def tool(name):
        path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
        return shutil.which(name, path=path)

    def install(self, folder, run):
        # Read at each start, before anybody is let in.
        (folder / "init.sql").write_text(
            "CREATE DATABASE IF NOT EXISTS retort;\n"
            "CREATE USER IF NOT EXISTS retort@'%' IDENTIFIED BY "
            f"'{PASSWORD}';\n"
            "GRANT ALL ON *.* TO retort@'%' WITH GRANT OPTION;\n")
        run([self.tool("mariadb-install-db"), "--no-defaults",
             "--skip-test-db", "--auth-root-authentication-method=normal",
             f"--datadir={folder / 'data'}", "--innodb-log-file-size=8M"])

    def command(self, folder, port):
        return [self.tool("mariadbd"), "--no-defaults",
                f"--datadir={folder / 'data'}", f"--port={port}",
                "--bind-address=127.0.0.1", "--skip-name-resolve",
                f"--socket={folder / 'data/socket'}",
                f"--pid-file={folder / 'data/pid'}",
                f"--init-file={folder / 'init.sql'}",
                "--character-set-server=utf8mb4", "--default-time-zone=+00:00",
                "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=8M",
                # Written at each commit, synced by nobody.
                "--innodb-flush-log-at-trx-commit=2",
                "--innodb-flush-method=nosync"]

    def is_ready(self, port):
        """It greets whom it lets in."""
        with contextlib.suppress(OSError):
            with socket.create_connection(("127.0.0.1", port), 5) as s:
                return len(s.recv(5)) == 5
        return False


ENGINES = {engine.name: engine for engine in (Postgresql(), Mariadb())}


class Database:
    """One server and what it keeps in its folder."""

    def __init__(self, folder, engine=None):
        self.folder = pathlib.Path(folder).resolve()
        self.data = self.folder / "data"
        kept = self.folder / "engine"
        if not engine and not kept.exists():
            raise Failure(f"{folder}: no database was started there")
        self.engine = engine or ENGINES[kept.read_text()]

    @property
    def port(self):
        return int((self.folder / "port").read_text())

    @property
    def url(self):
        return (f"{self.engine.scheme}://retort:{PASSWORD}@127.0.0.1:"
                f"{self.port}/retort")

    def as_account(self):
        """Arguments of Popen: root becomes the user of the package."""
        if os.getuid() != 0:
            return {}
        account = pwd.getpwnam(self.engine.account)
        return {"user": account.pw_uid, "group": account.pw_gid,
                "extra_groups": []}

    def install(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(mode=0o700)
        if os.getuid() == 0:
            self.folder.chmod(0o755)
            shutil.chown(self.data, self.engine.account)

        def run(argv, **options):
            done = subprocess.run(argv, cwd=self.data, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, **options,
                                  **self.as_account())
            if done.returncode != 0:
                raise Failure(done.stdout.decode(errors="replace"))

        self.engine.install(self.folder, run)
        (self.folder / "port").write_text(str(free_port()))
        (self.folder / "engine").write_text(self.engine.name)

    def start(self):
        if not (self.folder / "engine").exists():
            self.install()
        if self.processes():
            return
        # PostgreSQL takes a dead predecessor that nobody has reaped for alive.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        with open(self.folder / "log", "ab") as log:
            process = subprocess.Popen(
                self.engine.command(self.folder, self.port), cwd=self.data,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **self.as_account())
        deadline = time.monotonic() + TIMEOUT_S
        while not self.engine.is_ready(self.port):
            if process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                log = (self.folder / "log").read_text(errors="replace")
                raise Failure(f"{self.engine.name} did not start:\n{log}")
            time.sleep(0.02)

    def processes(self):
        """What runs the engine's program with the data as its folder, each
        with its parent. A process that only waits to be reaped has none."""
        found = {}
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (os.readlink(entry / "cwd") == str(self.data) and
                        (entry / "comm").read_text().strip() ==
                        self.engine.program):
                    fields = (entry / "stat").read_text().rpartition(")")[2]
                    found[int(entry.name)] = int(fields.split()[1])
        return found

    def signal_and_wait(self, number, first_only):
        deadline = time.monotonic() + TIMEOUT_S
        signalled = set()
        while True:
            found = self.processes()
            if not found:
                return
            if time.monotonic() > deadline:
                raise Failure(f"{self.engine.name} does not end")
            for pid, parent in found.items():
                if pid in signalled or (first_only and parent in found):
                    continue
                signalled.add(pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            time.sleep(0.02)

    def stop(self):
        self.signal_and_wait(self.engine.stop_signal, True)

    def kill(self):
        self.signal_and_wait(signal.SIGKILL, False)

    def restart(self):
        self.stop()
        self.start()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# ---- databases for the time of a command ------------------------------------

def guard(folder):
    """A process that clears `folder` away when the returned descriptor is
    closed, which the kernel does if nobody else does. Returns its id, too."""
    ours, other = os.pipe()
    pid = os.fork()
    if pid:
        os.close(ours)
        return pid, other
    os.close(other)
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.read(ours, 1)
    for engine in ENGINES.values():
        with contextlib.suppress(Failure):
            Database(folder / engine.name, engine).kill()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def installed(names):
    for name in names:
        engine = ENGINES[name]
        if engine.tool(engine.program):
            yield engine
        else:
            print(f"{name} is left out: it is not installed", file=sys.stderr)


def environment_of(databases):
    found = {**os.environ, "RETORT_TEST_DATABASES": os.path.abspath(__file__)}
    for database in databases:
        name = f"RETORT_TEST_{database.engine.name.upper()}"
        found[name] = database.url
        found[f"{name}_FOLDER"] = str(database.folder)
    return found


def leave(number, _frame):
    raise SystemExit(128 + number)


def run_with(names, command):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="retort-databases-"))
    folder.chmod(0o755)
    guard_pid, guarded = guard(folder)
    process = None
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, leave)
    try:
        databases = [Database(folder / e.name, e) for e in installed(names)]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(Database.start, databases))
        process = subprocess.Popen(command, env=environment_of(databases))
        code = process.wait()
        return code if code >= 0 else 128 - code
    finally:
        if process and process.poll() is None:
            process.terminate()
            process.wait()
        os.close(guarded)
        os.waitpid(guard_pid, 0)


def main(argv):
    action, arguments = argv[0] if argv else "", argv[1:]
    if action == "with" and "--" in arguments:
        split = arguments.index("--")
        names, command = arguments[:split], arguments[split + 1:]
        if names and command and ENGINES.keys() >= set(names):
            return run_with(names, command)
    elif action == "start" and len(arguments) == 2 and arguments[0] in ENGINES:
        database = Database(arguments[1], ENGINES[arguments[0]])
        database.start()
        print(database.url)
        return 0
    elif action in ("stop", "kill", "restart") and len(arguments) == 1:
        getattr(Database(arguments[0]), action)()
        return 0
    print(__doc__.strip(), file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Failure, OSError) as error:
        print(f"databases.py: {error}", file=sys.stderr)
        sys.exit(1)
