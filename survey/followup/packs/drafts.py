"""Introduction and comments of a draft, saved whichever button sent them. For the packs' views."""

from flask import request

from survey.followup.packs.forms import TextsForm
from survey.store.database.engine import write_transaction
from survey.store.published import packs
from survey.store.published.packs import Pack
from survey.web.request import services


def posted_revision() -> int:
    """Return the revision that the form was drawn from."""
    typed = request.form.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def save_texts(draft: Pack) -> TextsForm | None:
    """Save the posted texts, except comments on questions not chosen; return the form, unsaved, when it has faults."""
    if not any(name.startswith(("introduction", "comment_")) for name in request.form):
        return None
    form = TextsForm(draft.questions, request.form)
    if not form.validate():
        return form
    with write_transaction(services.engine()) as connection:
        packs.change(connection, draft.id, posted_revision(), introduction=form.introduction.data or "")
        unchosen = {
            key: text for key, text in packs.comments(connection, draft.id).items() if key not in draft.questions
        }
        packs.replace_comments(
            connection, draft.id, unchosen | {key: text for key, text in form.comments.items() if text}
        )
    return None
