"""What an answer is compared with: the smallest Flask app, returning 10 kB."""

from flask import Flask

from survey.serving.whole import BufferedRequests

app = Flask(__name__)
app.__rsgi__ = BufferedRequests(app, lambda path: 0)  # type: ignore[attr-defined]  # served in the same way
BODY = b"x" * 10_000


@app.get("/")
def index() -> bytes:
    """Ten thousand bytes."""
    return BODY
