"""What an answer is compared with: the smallest Flask app, returning 10 kB."""

from flask import Flask

app = Flask(__name__)
BODY = b"x" * 10_000


@app.get("/")
def index() -> bytes:
    """Ten thousand bytes."""
    return BODY
