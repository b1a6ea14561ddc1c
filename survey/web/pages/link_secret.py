"""A secret that a link carries after its `#`: taken from there by a script, or typed, and posted. For staff's links.

What stands after the `#` reaches no server, no log and no other page by itself, and a program that opens every link of
a message gets a page without it.
"""

import re

from flask import render_template, request

_NO_PART = re.compile(r"[^A-Za-z0-9_-]")


def secret_page(heading: str, action: str) -> str:
    """Return the page that hands the secret over to `action`."""
    return render_template("web/link_secret.html", heading=heading, action=action)


def posted_secret() -> str:
    """Return the secret, also when the whole link was pasted or a full stop came along."""
    written = request.form.get("secret", "")[:500]
    return _NO_PART.sub("", re.split(r"#|%23", written)[-1])
