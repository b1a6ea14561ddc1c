"""A form that is sent after the sign-in has ended: nothing is kept, and what was written is shown to be taken along.

For the staff's sign-in. Only texts that staff write are shown, by the names of their fields: never a password, a code,
an address or a sheet of answers. And only to a browser that says the form stood on one of our own pages, so that no
other site can have words of its own shown here.
"""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

WRITTEN = frozenset(
    {
        *("introduction", "text", "outcome", "thoughts", "improvement"),
        *("activity", "decision", "title", "name", "quality", "wording"),
    }
)
OF_QUESTION = "comment_"


def stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Return the page that says so, with what was written."""
    text = _("Sidan hade stått öppen för länge, eller så kom formuläret från ett annat ställe. Inget har ändrats.")
    named = {"heading": _("Formuläret gick inte att ta emot"), "text": text, "written": _written()}
    return render_template("web/unavailable.html", **named), 400


def _written() -> list[str]:
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []
    named = (text for name, text in request.form.items() if name in WRITTEN or name.startswith(OF_QUESTION))
    return [text for text in named if text.strip()]
