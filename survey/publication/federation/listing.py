"""The listing: one signed file that names all that an installation publishes now, and what it has withdrawn.

For those who export and those who gather. Its serial only grows, with each edition and each withdrawal, so that an
older listing handed over again is known by it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.domain.places.place import MAX_NAME_LENGTH
from survey.publication.edition import canonical

FORMAT = 1
KIND = "editions"
FILE = "editions.json"


class ListingFault(ValueError):
    """A listing that can't be read as one of ours."""


@dataclass(frozen=True)
class ListedEdition:
    """One edition by its number, with its round and the SHA-256 of its bytes."""

    number: int
    round: str
    sha256: str


@dataclass(frozen=True)
class Listing:
    """An installation's publications: the newest edition of each round, but those that are withdrawn."""

    public_key: bytes
    name: str
    serial: int
    editions: tuple[ListedEdition, ...]
    withdrawn: tuple[int, ...]

    def raw(self) -> bytes:
        """Return the bytes of its file: the same content, the same bytes."""
        body = {
            "format": FORMAT,
            "kind": KIND,
            "public_key": self.public_key.hex(),
            "name": self.name,
            "serial": self.serial,
            "editions": [vars(each) for each in self.editions],
            "withdrawn": list(self.withdrawn),
        }
        return canonical(body)[0].encode()


def edition_file(number: int | str) -> str:
    """Return the name of an edition's file; of all of them, for "*"."""
    return f"edition-{number}.json"


def signature_file(name: str) -> str:
    """Return the name of the file that holds another file's signature."""
    return f"{name}.sig"


def parse_listing(raw: bytes) -> Listing:
    """Parse a listing; raise ListingFault for anything that is not exactly one."""
    try:
        listing = _read(json.loads(raw))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ListingFault("it is no listing of editions that can be read here") from None
    if listing.raw() != raw:
        raise ListingFault("it is a listing of another format")
    numbers = [each.number for each in listing.editions]
    rounds = [each.round for each in listing.editions]
    if len(set(numbers)) < len(numbers) or len(set(rounds)) < len(rounds) or set(numbers) & set(listing.withdrawn):
        raise ListingFault("it names an edition or a round twice")
    return listing


def _read(found: Mapping[str, Any]) -> Listing:
    each = tuple(
        ListedEdition(_count(row["number"]), _text(row["round"], 40), _text(row["sha256"], 64))
        for row in found["editions"]
    )
    name, withdrawn = _text(found["name"], MAX_NAME_LENGTH), tuple(_count(number) for number in found["withdrawn"])
    return Listing(bytes.fromhex(found["public_key"]), name, _count(found["serial"]), each, withdrawn)


def _count(value: object) -> int:
    if type(value) is not int or not 0 < value < 2**31:
        raise ValueError("no count")
    return value


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or not value or len(value) > longest or not value.isprintable():
        raise ValueError("no text")
    return value
