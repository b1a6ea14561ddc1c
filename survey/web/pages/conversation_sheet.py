"""The conversation sheet, "Mitt samtalsunderlag": a paper to take to the next visit, in two languages side by side.

Empty, it is a public page for each language. With answers on it, it is made on the device by `conversation.js`, from
the empty page and what is still in the page's memory; without script, it is the very reply to the post that carried the
answers, and is kept nowhere. Swedish stands in a column of its own, so that staff can read what is ticked.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from survey.domain.questions.questionnaire import DEFAULT_VERSION, Version
from survey.web.i18n.language import Language, current_language, languages, offered, speaking
from survey.web.i18n.language_files import SOURCE
from survey.web.pages.conversation_requests import REQUESTS
from survey.web.pages.kept_pages import HTML, cached_page, compressed_response
from survey.web.pages.page_cache import CONVERSATION, conversation_script, inline_assets
from survey.web.request import services

blueprint = Blueprint("conversation", __name__)
_CUT = Markup("<!-- row -->")

Column = tuple[Language, list[str]]


@blueprint.get("/conversation")
@blueprint.get("/conversation/<language>")
@blueprint.get("/conversation/<language>/<version>")
def show_blank(language: str | None = None, version: str = DEFAULT_VERSION) -> ResponseReturnValue:
    """Show the sheet without answers, to print; for a version that is not asked, and in another language, the usual."""
    asked = services.versions().get(version)
    if asked is None or (language is not None and offered(language) is None):
        return redirect(url_for("conversation.show_blank", language=language if offered(language) else None))
    return as_sheet(cached_page(("conversation", asked.key), lambda: _drawn(asked, None)))


@blueprint.get("/conversation.js")
def script() -> Response:
    """Give the script that fills the sheet in on the device; like a page, it is stored nowhere."""
    reply = compressed_response(conversation_script())
    reply.content_type = "text/javascript; charset=utf-8"
    return reply


def filled_sheet(version: Version, answers: Mapping[str, str], **named: Any) -> Response:
    """Return the sheet with these answers on it: uncompressed, and of one length whatever was answered."""
    return as_sheet(Response(_drawn(version, answers, **named), content_type=HTML))


def as_sheet(reply: Response) -> Response:
    """Return the reply, and let the policy of this request know that its page wears the sheet's looks."""
    request.environ[CONVERSATION] = True
    return reply


def sheet_address(version: str) -> str:
    """Return where the empty sheet is, in the reader's language."""
    return url_for("conversation.show_blank", language=current_language().tag, version=version)


def sheet_parts(version: Version, answers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what the template of the sheet names: rows of its columns, whether it has answers, the empty one."""
    columns = list(_columns(version, answers))
    spoken = [each for each, _ in columns]
    rows = [list(zip(spoken, pieces, strict=True)) for pieces in zip(*(each for _, each in columns), strict=True)]
    return {"rows": rows, "filled": answers is not None, "address": sheet_address(version.key)}


def _drawn(version: Version, answers: Mapping[str, str] | None, **named: Any) -> str:
    style = inline_assets().conversation_css
    return render_template("web/conversation.html", style=style, **sheet_parts(version, answers), **named)


def _columns(version: Version, answers: Mapping[str, str] | None) -> Iterator[Column]:
    """Yield the reader's language and then Swedish, each with its texts cut into the rows of the sheet."""
    reader = current_language()
    for spoken in dict.fromkeys((reader, languages()[SOURCE])):
        with speaking(spoken):
            column = render_template(
                "web/_conversation.html",
                questions=version.questions["patient"],
                requests=REQUESTS,
                kept=answers,
                reads=spoken is reader,
                cut=_CUT,
            )
        yield spoken, column.split(_CUT)
