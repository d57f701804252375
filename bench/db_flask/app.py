"""TechEmpower's database tests as Flask and SQLAlchemy do them, from Debian.

    DATABASE=postgresql://... gunicorn --chdir bench/db_flask app:app
"""

import os
import random

from flask import Flask, Response, jsonify, render_template_string, request
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker

FORTUNES = """<!DOCTYPE html>
<html>
<head><title>Fortunes</title></head>
<body>
<table>
<tr><th>id</th><th>message</th></tr>
{% for fortune in fortunes -%}
<tr><td>{{ fortune.id }}</td><td>{{ fortune.message|e }}</td></tr>
{% endfor -%}
</table>
</body>
</html>
"""

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE"])
session = scoped_session(sessionmaker(engine, expire_on_commit=False))
Base = declarative_base()


class World(Base):
    __tablename__ = "world"
    id = Column(Integer, primary_key=True)
    randomNumber = Column("randomnumber", Integer, nullable=False)

    def as_dict(self):
        return {"id": self.id, "randomNumber": self.randomNumber}


class Fortune(Base):
    __tablename__ = "fortune"
    id = Column(Integer, primary_key=True)
    message = Column(String, nullable=False)


cache = {}


@app.teardown_appcontext
def leave_session(_error):
    session.remove()


def count_of(name):
    try:
        return min(max(int(request.args.get(name, 1)), 1), 500)
    except ValueError:
        return 1


def random_ids(count):
    return random.sample(range(1, 10_001), count)


@app.get("/db")
def db():
    return jsonify(session.get(World, random_ids(1)[0]).as_dict())


@app.get("/queries")
def queries():
    return jsonify([session.get(World, i).as_dict()
                    for i in random_ids(count_of("queries"))])


@app.get("/fortunes")
def fortunes():
    rows = session.query(Fortune).all()
    rows.append(Fortune(id=0,
                        message="Additional fortune added at request time."))
    rows.sort(key=lambda row: row.message)
    return Response(render_template_string(FORTUNES, fortunes=rows),
                    mimetype="text/html")


@app.get("/updates")
def updates():
    worlds = [session.get(World, i)
              for i in sorted(random_ids(count_of("queries")))]
    for world in worlds:
        world.randomNumber = random.randint(1, 10_000)
    answer = [world.as_dict() for world in worlds]
    session.commit()
    return jsonify(answer)


@app.get("/cached-queries")
def cached_queries():
    if not cache:
        cache.update((w.id, w.as_dict()) for w in session.query(World))
    return jsonify([cache[i] for i in random_ids(count_of("count"))])
