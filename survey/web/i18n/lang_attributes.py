"""The marks `lang="sv"` on texts that fall back to Swedish inside a page in another language (WCAG 3.1.2).

For every template, without a word in any of them. The filter `swedish` does it for a name and for what somebody has
written, and `unit_name` for the name of the unit whose page it is, which has an element of its own in Swedish too. A
template can't know where its text will stand, so a text that fell back leaves it between two marks; when the whole
page is drawn they become a `span` in running text, and vanish inside a tag, a title or a script, where no element may
stand. The marks are drawn by lot when the process starts, so that nothing that anybody writes can be one.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from jinja2 import Template

from survey.domain.text.clean_text import random_placeholder
from survey.web.i18n.foreign_words import isolated, with_swedish_terms
from survey.web.i18n.language_files import SOURCE, Language

_OURS = random_placeholder()
CLOSE = f"{_OURS}00"
_MARKS = re.compile(f"{_OURS}([0-9]{{2}})")
# a whole tag, or a whole element whose content is text only
_UNMARKABLE = re.compile(r"<(title|script|style|textarea|option)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.S | re.I)


def mark_templates(
    app: Flask,
    languages: Sequence[Language],
    current: Callable[[], Language],
    find: Callable[[str, Language], tuple[str, Language]],
) -> None:
    """Let every template take its texts from `find`, and its pages say which are in another language."""
    spans = ["<span>", *(f'<span lang="{spoken.html_lang}" dir="{spoken.direction}">' for spoken in languages)]
    opens = {spoken.tag: opening(number) for number, spoken in enumerate(languages, 1)}

    def gettext(message: str) -> str:
        reader = current()
        text, spoken = find(message, reader)
        if not message or reader.html_lang == "sv":
            return text
        if spoken.html_lang == reader.html_lang:
            return with_swedish_terms(text, message, opens[SOURCE], CLOSE) if "(" in text else text
        return f"{opens[spoken.tag]}{text}{CLOSE}"

    def swedish(words: str) -> str:
        return f"{opens[SOURCE]}{words}{CLOSE}" if words and current().html_lang != "sv" else words

    def unit_name(name: str) -> str:
        return swedish(name) if current().html_lang != "sv" else f"{opening(0)}{name}{CLOSE}"

    class MarkingTemplate(Template):
        def render(self, *args: Any, **kwargs: Any) -> str:
            text, name = super().render(*args, **kwargs), self.name or ""
            # A message has no elements to mark with.
            if name.endswith(".txt"):
                return _MARKS.sub("", text)
            page = add_lang_attributes(text, spans)
            return isolated(page) if current().direction == "rtl" and not name.startswith("channels/") else page

    app.jinja_env.template_class = MarkingTemplate
    app.jinja_env.filters |= {"swedish": swedish, "unit_name": unit_name}
    install: Any = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]
    install(gettext, lambda one, many, n: gettext(one if n == 1 else many), newstyle=True)


def opening(number: int) -> str:
    """Return the mark before a text in the language of this number; 0 is an element that says nothing."""
    return f"{_OURS}{number + 1:02}"


def add_lang_attributes(page: str, spans: Sequence[str]) -> str:
    """Return the page with what fell back marked where an element may stand, and bare elsewhere."""
    if _OURS not in page:
        return page
    bare = _UNMARKABLE.sub(lambda found: _MARKS.sub("", found.group()), page)
    elements = ("</span>", *spans)
    return _MARKS.sub(lambda found: elements[int(found.group(1))], bare)
