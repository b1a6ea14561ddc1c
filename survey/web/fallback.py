"""Marks what falls back to Swedish inside a page in another language with `lang="sv"` (WCAG 3.1.2).

For every template, without a word in any of them. A template can't know where its text will stand, so a text
that fell back leaves it between two private characters; when the whole page is drawn they become a `span` in
running text, and vanish inside a tag, a title or a script, where no element may stand.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from jinja2 import Template

from survey.web.language_files import Language

_CLOSE = "\ue0ff"
_FIRST = 0xE100  # one opening character a language, and nothing else: the text between survives any filter

_MARKS = re.compile("[\ue0ff-\ue1ff]|" + r"\\ue0ff|\\ue1[0-9a-f]{2}")
# a whole tag, or a whole element whose content is text only
_UNMARKABLE = re.compile(r"<(title|script|style|textarea|option)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.S | re.I)


def mark_templates(
    app: Flask,
    languages: Sequence[Language],
    current: Callable[[], Language],
    find: Callable[[str, Language], tuple[str, Language]],
) -> None:
    """Let every template take its texts from `find`, and its pages say which are in another language."""
    spans = [f'<span lang="{spoken.html_lang}" dir="{spoken.direction}">' for spoken in languages]
    opening = {spoken.tag: chr(_FIRST + number) for number, spoken in enumerate(languages)}

    def gettext(message: str) -> str:
        reader = current()
        text, spoken = find(message, reader)
        if spoken.html_lang == reader.html_lang or not message:
            return text
        return f"{opening[spoken.tag]}{text}{_CLOSE}"

    class MarkingTemplate(Template):
        def render(self, *args: Any, **kwargs: Any) -> str:
            text = super().render(*args, **kwargs)
            # A message has no elements to mark with.
            return _MARKS.sub("", text) if (self.name or "").endswith(".txt") else mark(text, spans)

    app.jinja_env.template_class = MarkingTemplate
    install: Any = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]
    install(gettext, lambda one, many, n: gettext(one if n == 1 else many), newstyle=True)


def mark(page: str, spans: Sequence[str]) -> str:
    """The page with what fell back marked where an element may stand, and bare elsewhere."""
    if _CLOSE not in page and "\\ue0ff" not in page:
        return page
    bare = _UNMARKABLE.sub(lambda found: _MARKS.sub("", found.group()), page)
    return _MARKS.sub(lambda found: _element(found.group(), spans), bare)


def _element(mark_: str, spans: Sequence[str]) -> str:
    if len(mark_) > 1:
        return ""
    return "</span>" if mark_ == _CLOSE else spans[ord(mark_) - _FIRST]
