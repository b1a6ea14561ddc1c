"""The place that a page is about, for those who may read it; and what a page says of it, made once and kept.

An edition never changes, so neither does what is said of it. What does change (decisions, what comes from outside)
is read anew for each view.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, current_app
from sqlalchemy import Connection

from survey.followup import access
from survey.followup.place.figure_text import Context
from survey.followup.selection import Body, PlaceReport, Selection, load_report, select_place
from survey.store.published import editions
from survey.web.i18n.language import current_language
from survey.web.pages.page_cache import PageCache
from survey.web.signin.views import signed_in

PAGE_CACHE = "followup_pages"


@dataclass(frozen=True)
class PlaceAccess:
    """A place in an edition, and the keys of all that the person may read there."""

    selection: Selection
    may_read: frozenset[str]

    def may_compare(self, level: str | None) -> bool:
        """Return whether the person may read every place of the level under this one, and so see them together."""
        return level is None or access.may_read_all_below(
            level, self.selection.node, self.selection.edition, set(self.may_read)
        )


def authorise(connection: Connection, number: int, node: str, *, national: bool = False) -> PlaceAccess:
    """Return the place; 404 where there is none, 403 where it is not the person's to read.

    `national`: for a page that national editions have too.
    """
    selection = select_place(connection, number, node, national=national)
    may_read = readable_places(connection, selection.edition)
    if node not in may_read:
        abort(403)
    return PlaceAccess(selection, may_read)


def readable_places(connection: Connection, edition: Body) -> frozenset[str]:
    """Return the keys of the edition's places that the signed-in person may read."""
    person = signed_in()
    return frozenset(access.readable(person.role, person.place, edition, access.known_to(connection, person.role)))


def cached_context(
    connection: Connection, page: str, here: PlaceAccess, build: Callable[[PlaceReport], Context]
) -> Context:
    """Return what a page says of a place, in words: made once for each reader's language and rights."""
    selection, language = here.selection, current_language()

    def made() -> str:
        return json.dumps(build(load_report(connection, selection, language)), ensure_ascii=False)

    key = page, selection.number, selection.node, language.tag, here.may_read, editions.next_number(connection)
    shelf: PageCache = current_app.extensions[PAGE_CACHE]
    context: Context = json.loads(shelf.get(key, made).as_plain())
    return context
