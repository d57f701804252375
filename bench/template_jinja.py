# part of: template
"""Renders bench/templates with Jinja2 for bench/template.py.

Takes the commands of bench/template_run.h on its standard input. Runs under the
Python that Debian's packages are for, which need not be the first in the path.
"""

import json
import pathlib
import sys
import time

import jinja2

NAMES = ("table", "page", "fortunes")
PAGE = ("base.html", "macros.html", "nav.html", "page.html")


def environment(loader, **options):
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True,
                              lstrip_blocks=True, **options)


def cpu_ns(times, work):
    start = time.process_time_ns()
    for _ in range(times):
        work()
    return time.process_time_ns() - start


def load(sources):
    env = environment(jinja2.DictLoader(sources))
    for name in sources:
        env.get_template(name)


def main():
    folder = pathlib.Path(sys.argv[1])
    contexts = {name: json.loads((folder / f"{name}.json").read_text())
                for name in NAMES}
    sources = {name: (folder / name).read_text() for name in PAGE}
    loader = jinja2.FileSystemLoader(str(folder))
    cached = environment(loader, auto_reload=False)
    reloading = environment(loader)

    def render(env, name):
        return env.get_template(f"{name}.html").render(contexts[name])

    for line in sys.stdin:
        command, name, times = line.split()
        if command == "print":
            text = render(cached, name).encode()
            sys.stdout.buffer.write(b"%d\n" % len(text) + text)
        elif command == "load":
            print(cpu_ns(int(times), lambda: load(sources)))
        else:
            env = reloading if command == "reload" else cached
            print(cpu_ns(int(times), lambda: render(env, name)))
        sys.stdout.flush()


if __name__ == "__main__":
    print(jinja2.__version__, flush=True)
    main()
