"""The usual survey with the usual habits, for the controls: what our checks must catch. NAIVE names the habit.

`thanks_first` thanks, and saves a moment later. `looks_first` looks whether a code is used, and saves then.
`logs` has an access log. `tells` says who has answered. It stores codes beside answers, in plain.
"""

import os
import secrets
import sqlite3
import sys
import threading
import time

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

HABITS = set(os.environ.get("NAIVE", "").split())
app = Flask("naive")
_waiting: list[tuple[str, str]] = []


def database() -> sqlite3.Connection:
    """A connection."""
    return sqlite3.connect(os.environ["NAIVE_FILE"], timeout=20, isolation_level=None)


def make_tables() -> None:
    """The usual two."""
    connection = database()
    connection.execute("CREATE TABLE IF NOT EXISTS mark (mark TEXT)")
    connection.execute("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, answers TEXT)")
    connection.close()


def save(mark: str, answers: str) -> None:
    """Mark and answers, two rows as usual."""
    connection = database()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO mark VALUES (?)", (mark,))
    connection.execute("INSERT INTO answer (answers) VALUES (?)", (answers,))
    connection.execute("COMMIT")
    connection.close()


def used(mark: str) -> bool:
    """Whether the mark stands there."""
    connection = database()
    found = connection.execute("SELECT 1 FROM mark WHERE mark = ?", (mark,)).fetchone()
    connection.close()
    return found is not None


def save_later() -> None:
    """Every moment, what was thanked for meanwhile."""
    while True:
        time.sleep(0.3)
        while _waiting:
            save(*_waiting.pop(0))


make_tables()
if "thanks_first" in HABITS:
    threading.Thread(target=save_later, daemon=True).start()


@app.before_request
def log_line() -> None:
    """The usual access log."""
    if "logs" in HABITS:
        print(request.remote_addr, request.full_path, dict(request.headers), dict(request.form), file=sys.stderr)


@app.get("/s/<unit>")
def show(unit: str) -> str:
    """A form. With `reads`, fetching the link with the code in it is enough."""
    if "reads" in HABITS and (code := request.args.get("code")):
        save(code, "opened")
    return f'<form><input name="form_id" value="{secrets.token_hex(38)}"></form>'


@app.post("/s/<unit>")
def take(unit: str) -> ResponseReturnValue:
    """Thanks, by the habits."""
    mark = request.form["code"] or request.form["form_id"]
    if "thanks_first" in HABITS:
        _waiting.append((mark, str(dict(request.form))))
    else:
        if used(mark):
            return ("You have answered already", 200) if "tells" in HABITS else redirect("/thanks", 303)
        time.sleep(0.3)  # long enough for a second tap on a busy machine
        save(mark, str(dict(request.form)))
    return redirect("/thanks", 303)


@app.get("/")
def home() -> str:
    """A page."""
    return "home"
