"""Clean requests: every text is cleaned as it is stored, before any view or form can see it.

For each form, each query and each field that is read by its name alone; there is no other way to what was sent.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict

from survey.domain.text.clean_text import clean_text
from survey.web.request.uploads import InMemoryRequest

AS_TYPED = frozenset({"password", "old", "new", "again"})
"""The fields of passwords: what is hashed is what was typed."""


class CleanFields(ImmutableMultiDict[str, Any]):
    """The fields of a form, or of a query, as they are stored."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = mapping.items(multi=True) if isinstance(mapping, ImmutableMultiDict) else mapping
        super().__init__(None if pairs is None else list(_written(pairs)))


class CleanRequest(InMemoryRequest):
    """A request whose texts are cleaned, and whose files stay in memory."""

    parameter_storage_class = CleanFields


def _written(pairs: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in pairs:
        yield name, value if name in AS_TYPED or not isinstance(value, str) else clean_text(value)
