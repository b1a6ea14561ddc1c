"""Templates are indented for who edits them, and pages are not: what stands at the start of a line is not sent.

For every page, among them the first one a resident fetches, whose bytes are counted.
"""

import re

from flask import Flask
from jinja2.ext import Extension

_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_BLANK = re.compile(r"\n\s*\n")
_BLOCK = "(?:p|div|section|label|li|ul|ol|fieldset|legend|h1|h2|option|select|dialog|form|header|dl|details|summary)"
_END = re.compile(r"\s*</body>\s*</html>\s*\Z")
_AT_BLOCK = re.compile(rf"(?<!</span>)(?<!</a>)(?<!</b>)\n(?=</?{_BLOCK}\b)|(</{_BLOCK}>)\n(?=<)")


def init_template_indent(app: Flask) -> None:
    """Read every template of a page without its indentation."""
    app.jinja_env.add_extension(Unindented)


def without_blank_lines(page: str) -> str:
    """Return a page without the empty lines that its template's statements left; it has no field of many lines.

    Nor do lines end where a block begins or ends, and body and document end where the page does: no reader sees it, and
    what stands after the form id is not even compressed.
    """
    return _END.sub("", _AT_BLOCK.sub(r"\1", _BLANK.sub("\n", page)))


class Unindented(Extension):
    """Takes the indentation out of a template of a page or its style sheet; a message's text stays as it is."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source as it is compiled."""
        return _INDENT.sub("", source) if (name or "").endswith((".html", ".css")) else source
