"""A language's texts as a PO file, out and in: with approvals as comments, as the project's own catalogs have them.

A file from Poedit or Weblate is held against what stands here, text by text. What it changes becomes wordings of the
person who brings it, and what it has signed anew becomes that person's approval: a file speaks for nobody else.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from babel import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po
from flask_babel import gettext as _

from survey.domain.staff.translation_approvals import Approval, ReadText, fingerprint
from survey.domain.text.i18n import N_
from survey.translation.wording_faults import normalise_wording, rule_sentence, wording_faults
from survey.web.i18n import catalogs, translation_review
from survey.web.i18n.catalog_rules import OwnRules
from survey.web.i18n.translation_review import short_hash

MAX_FAULTS = 100
_LANGUAGE = re.compile(r'^"Language:.*$', re.MULTILINE)
UNREADABLE = N_("Filen är ingen PO-fil som går att läsa.")
NOT_SWEDISH = N_("Texten finns inte bland de svenska texterna.")
NO_FORMS = N_("Texten har en kontext eller pluralformer. Det har ingen text här.")
TWICE = N_("Texten står två gånger i filen.")


@dataclass(frozen=True)
class Fault:
    """One fault of a file: the line where the text stands, its Swedish words, and what is wrong."""

    line: int
    text: str
    message: str


@dataclass
class Brought:
    """The content of a file: texts with a changed wording, and texts signed anew as they stand."""

    changed: list[tuple[ReadText, str]] = field(default_factory=list)
    approved: list[ReadText] = field(default_factory=list)
    same: int = 0

    def fingerprint(self) -> str:
        """Return a fingerprint of what it was shown to change, and of what it would take the place of."""
        changed = [(text.source, text.turned, text.version, turned) for text, turned in self.changed]
        return fingerprint(repr((changed, [(text.source, text.turned) for text in self.approved])))


def written_out(tag: str, texts: Iterable[ReadText]) -> bytes:
    """Return the texts as a PO file, the newest wordings with their approvals as comments."""
    catalog = Catalog(fuzzy=False)
    for each in texts:
        comments = [] if each.newest else list(each.signatures)
        comments += [_signature(found, each) for found in each.approvals_of(each.turned) if found.level != "draft"]
        places = [(place, 1) for place in each.places]
        catalog.add(each.source, each.turned, locations=places, auto_comments=each.notes, user_comments=comments)
    return catalogs.written(catalog, tag)


def _signature(found: Approval, text: ReadText) -> str:
    of_texts = f"for {short_hash(text.source)} in {short_hash(text.turned)}"
    return f"{found.level} by {found.role} on {found.approved_on.isoformat()} {of_texts}"


def read_in(text: str, here: Sequence[ReadText], me: int, own: OwnRules) -> tuple[Brought, list[Fault]]:
    """Hold a file against the texts that stand here; return what it brings, and every fault: then nothing is taken."""
    known = {each.source: each for each in here}
    try:
        # Babel can't take a private tag in the header; an empty line there leaves the others their numbers.
        found = read_po(io.StringIO(_LANGUAGE.sub('""', text)), abort_invalid=True)
    except PoFileError as error:
        return Brought(), [Fault(error.lineno + 1, "", _(UNREADABLE))]
    except (ValueError, LookupError, AttributeError, TypeError, SyntaxError, UnknownLocaleError):
        return Brought(), [Fault(1, "", _(UNREADABLE))]
    brought, faults = Brought(), list(_repeated(text))
    for message in found:
        if not message.id:
            continue
        line = message.lineno or 1
        if message.context is not None or not isinstance(message.id, str) or not isinstance(message.string, str):
            faults.append(Fault(line, str(message.id)[:80], _(NO_FORMS)))
        elif message.id not in known:
            faults.append(Fault(line, message.id[:80], _(NOT_SWEDISH)))
        elif message.string and not message.fuzzy:
            stands = known[message.id]
            turned = normalise_wording(message.string, stands.turned)
            wrong = wording_faults(message.id, turned, own) if turned != stands.turned else []
            faults += [Fault(line, message.id[:80], rule_sentence(each, message.id, turned)) for each in wrong]
            _take(brought, stands, turned, translation_review.status(message), me)
    return brought, faults[:MAX_FAULTS]


def _take(brought: Brought, stands: ReadText, turned: str, status: str, me: int) -> None:
    if turned != stands.turned:
        brought.changed.append((stands, turned))
    elif status in ("reviewed", "approved") and status != stands.level and not stands.approved_by(me):
        brought.approved.append(stands)
    else:
        brought.same += 1


def _repeated(text: str) -> Iterable[Fault]:
    """Yield the texts that a file has twice: Babel takes one of the two and says nothing."""
    seen: set[str] = set()
    for line, source in _sources(text.splitlines()):
        if source and source in seen:
            yield Fault(line, source[:80], _(TWICE))
        seen.add(source)


def _sources(lines: Sequence[str]) -> Iterable[tuple[int, str]]:
    """Yield each Swedish text of a file as it is written there, with its line."""
    for number, line in enumerate(lines):
        if line.startswith("msgid "):
            rest = takewhile(lambda following: following.lstrip().startswith('"'), lines[number + 1 :])
            yield number + 1, "".join(part.strip()[1:-1] for part in (line.removeprefix("msgid"), *rest))
