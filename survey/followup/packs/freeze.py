"""Freezing of a pack: drawn as a page that carries all it needs and as a PDF, under a number. For the packs' views.

It is drawn without holding the database, which takes seconds; so the number and the draft's revision are looked at
again when the bytes are kept, and where somebody was quicker, it is drawn anew or not at all.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256

from flask import render_template
from sqlalchemy import Connection

from survey.channels.pdf import render_pdf
from survey.followup.packs.content import pack_context
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.published import packs
from survey.store.published.packs import Pack, PackIsFrozen
from survey.web.i18n.language import current_language
from survey.web.pages.page_cache import light_tokens
from survey.web.request import services

MAX_ATTEMPTS = 3


def render_pack(pack: Pack) -> str:
    """Return the pack's page as it would be frozen now; a draft says that it is one."""
    engine, today = services.engine(), pack.frozen_on or services.today()
    with read_transaction(engine) as connection:
        named = pack_context(engine, connection, pack, current_language(), services.versions(), today=today)
    return render_template("followup/pack_file.html", light_tokens=light_tokens(), **named)


def freeze_pack(pack: Pack, today: date, note: Callable[[Connection, int], None]) -> int:
    """Freeze the pack and return its number.

    Raises PackIsFrozen when it is already, DatabaseConflict after too many tries.
    """
    for _again in range(MAX_ATTEMPTS):
        with read_transaction(services.engine()) as connection:
            number, now = packs.next_number(connection), packs.get(connection, pack.id)
        if now is None or now.sha256 is not None:
            raise PackIsFrozen("the pack is frozen already, or gone")
        html = render_pack(replace(now, number=number, frozen_on=today))
        made = render_pdf(html)
        bytes_, pdf = html.encode(), made.content if made.ending == "pdf" else None
        try:
            with write_transaction(services.engine()) as connection:
                digest = sha256(bytes_).hexdigest()
                packs.freeze(connection, now, number, sha256=digest, html=bytes_, pdf=pdf, on=today)
                note(connection, number)
        except DatabaseConflict:
            continue
        return number
    raise DatabaseConflict("others changed the pack again and again")
