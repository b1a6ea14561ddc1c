"""The place that a page is about, for those who may read it; and what a page says of it, made once and kept.

An edition never changes, so neither does what is said of it. What does change (decisions, what comes from outside)
is read anew for each view.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app
from sqlalchemy import Connection

from survey.followup import access
from survey.followup.selection import Body, Chosen, Reading, choose, read
from survey.store.published import editions
from survey.web.i18n.language import current_language
from survey.web.pages.page_cache import PageCache
from survey.web.signin.views import signed_in

Said = dict[str, Any]
SHELF = "followup_pages"


@dataclass(frozen=True)
class Opened:
    """A place in an edition, and the keys of all that the person may read there."""

    chosen: Chosen
    may_read: frozenset[str]

    def may_compare(self, level: str | None) -> bool:
        """Return whether the person may read every place of the level under this one, and so see them together."""
        return level is None or access.all_below(level, self.chosen.node, self.chosen.edition, set(self.may_read))


def opened(connection: Connection, number: int, node: str) -> Opened:
    """Return the place; 404 where there is none, 403 where it is not the person's to read."""
    chosen = choose(connection, number, node)
    may_read = readable(connection, chosen.edition)
    if node not in may_read:
        abort(403)
    return Opened(chosen, may_read)


def readable(connection: Connection, edition: Body) -> frozenset[str]:
    """Return the keys of the edition's places that the signed-in person may read."""
    person = signed_in()
    return frozenset(access.readable(person.role, person.place, edition, access.known_to(connection, person.role)))


def said_of(connection: Connection, page: str, here: Opened, make: Callable[[Reading], Said]) -> Said:
    """Return what a page says of a place, in words: made once for each reader's language and rights."""
    chosen, language = here.chosen, current_language()

    def made() -> str:
        return json.dumps(make(read(connection, chosen, language)), ensure_ascii=False)

    key = page, chosen.number, chosen.node, language.tag, here.may_read, len(editions.heads(connection))
    shelf: PageCache = current_app.extensions[SHELF]
    said: Said = json.loads(shelf.get(key, made).as_plain())
    return said
