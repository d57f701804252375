# part of: db
"""TechEmpower's tables: 10,000 rows of World and 12 of Fortune.

    python3 bench/db_schema.py sqlite:///FILE | postgresql://...

What had these names before is gone.
"""

import random
import sqlite3
import subprocess
import sys

WORLDS = 10_000
FORTUNES = [
    "fortune: No such file or directory",
    "A computer scientist is someone who fixes things that aren't broken.",
    "After enough decimal places, nobody gives a damn.",
    "A bad random number generator: 1, 1, 1, 1, 1, 4.33e+67, 1, 1, 1",
    "A computer program does what you tell it to do, not what you want it to "
    "do.",
    "Emacs is a nice operating system, but I prefer UNIX. — Tom Christaensen",
    "Any program that runs right is obsolete.",
    "A list is only as strong as its weakest link. — Donald Knuth",
    "Feature: A bug with seniority.",
    "Computers make very fast, very accurate mistakes.",
    '<script>alert("This should not be displayed in a browser alert box.");'
    "</script>",
    "フレームワークのベンチマーク",
]


def statements():
    """The same numbers each time; both engines read this SQL."""
    numbers = random.Random(1)
    worlds = ",".join(f"({i},{numbers.randint(1, WORLDS)})"
                      for i in range(1, WORLDS + 1))
    fortunes = ",".join("({},'{}')".format(i, text.replace("'", "''"))
                        for i, text in enumerate(FORTUNES, 1))
    return f"""
        DROP TABLE IF EXISTS World;
        DROP TABLE IF EXISTS Fortune;
        CREATE TABLE World (id INTEGER PRIMARY KEY,
                            randomNumber INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE Fortune (id INTEGER PRIMARY KEY,
                              message VARCHAR(2048) NOT NULL);
        INSERT INTO World VALUES {worlds};
        INSERT INTO Fortune VALUES {fortunes};
    """


def load(url):
    if url.startswith("sqlite:///"):
        database = sqlite3.connect(url[len("sqlite:///"):])
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(statements())
        database.close()
    else:
        sql = "SET client_min_messages = warning;" + statements() + \
            "VACUUM ANALYZE World; VACUUM ANALYZE Fortune;"
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", url],
                       input=sql.encode(), check=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    load(sys.argv[1])
