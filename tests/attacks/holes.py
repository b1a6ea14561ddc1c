"""A web with the usual holes, for the controls of the scanners: each must find its own here.

A search whose word reaches SQL, a page that says back what it was sent, a policy that lets any script run, and a view
that falls over.
"""

import sqlite3

from flask import Flask, Response, request

app = Flask("holes")
POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; object-src *"
FORM = '<form action="/{0}" method="post"><label>{0} <input name="word"></label><button>Send</button></form>'


def _database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE unit (key TEXT, name TEXT)")
    connection.executemany("INSERT INTO unit VALUES (?, ?)", [("froso", "Frösö"), ("stugun", "Stugun")])
    return connection


@app.after_request
def weak(reply: Response) -> Response:
    """A policy that looks like one."""
    reply.headers["Content-Security-Policy"] = POLICY
    return reply


@app.get("/")
def home() -> str:
    """Forms and a link."""
    forms = "".join(FORM.format(name) for name in ("search", "echo", "fall"))
    return f'<!doctype html><title>Holes</title><h1>Holes</h1>{forms}<p><a href="/echo?word=link">A link</a>'


@app.post("/search")
def search() -> str:
    """The word stands in the statement."""
    rows = _database().execute(f"SELECT name FROM unit WHERE key = '{request.form['word']}'").fetchall()
    return "<!doctype html><title>Found</title>" + "".join(f"<p>{name}" for (name,) in rows)


@app.route("/echo", methods=["GET", "POST"])
def echo() -> str:
    """The word stands in the page."""
    return f"<!doctype html><title>Echo</title><p>You said {request.values.get('word', '')}"


@app.post("/fall")
def fall() -> str:
    """Only numbers are expected."""
    return f"<!doctype html><title>Number</title><p>{int(request.form['word'])}"
