"""The verification of what another installation hands over, before a byte of it is kept.

For the gathering. Each fault is one word; the command line has the sentences.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.frames.schema import FORMAT
from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.domain.questions.questionnaire import Version, wording
from survey.publication.edition import canonical
from survey.publication.edition_reader import ROWS_BY_PLACE
from survey.publication.federation.edition_rules import ImplausibleEdition, check_edition
from survey.publication.federation.fetching import Fetch, FetchFault
from survey.publication.federation.listing import (
    FILE,
    ListedEdition,
    Listing,
    ListingFault,
    edition_file,
    parse_listing,
    signature_file,
)
from survey.publication.federation.signing_key import SIGNATURE_BYTES, is_signed

MAX_LISTING = 1024 * 1024
MAX_EDITION = 64 * 1024 * 1024  # a region with a thousand units has some megabytes


class GatheringRefused(Exception):
    """A listing or an edition that is refused: `code` says why in one word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class KnownHere:
    """The receiving side: the questionnaire's versions, and whether invented answers may be gathered."""

    versions: Mapping[str, Version]
    demo: bool = False


def signed_file(fetch: Fetch, name: str, limit: int, public_key: bytes) -> tuple[bytes, bytes]:
    """Return a file's bytes and signature; raise GatheringRefused where the key did not sign them."""
    try:
        raw = fetch(name, limit)
        signature = fetch(signature_file(name), SIGNATURE_BYTES)
    except FetchFault as fault:
        raise GatheringRefused(fault.code) from None
    if not is_signed(public_key, signature, raw):
        raise GatheringRefused("not_signed")
    return raw, signature


def signed_listing(fetch: Fetch, public_key: bytes) -> Listing:
    """Return a source's listing."""
    raw, _signature = signed_file(fetch, FILE, MAX_LISTING, public_key)
    try:
        return parse_listing(raw)
    except ListingFault:
        raise GatheringRefused("no_listing") from None


def unverified_listing(fetch: Fetch) -> Listing:
    """Return a listing as it lies there, to see by which key it says that it is signed; nothing in it is believed."""
    try:
        return parse_listing(fetch(FILE, MAX_LISTING))
    except FetchFault as fault:
        raise GatheringRefused(fault.code) from None
    except ListingFault:
        raise GatheringRefused("no_listing") from None


def signed_edition(fetch: Fetch, listed: ListedEdition, public_key: bytes, known: KnownHere) -> tuple[bytes, bytes]:
    """Return an edition's bytes and signature, verified and of a format and wording that can be read here."""
    raw, signature = signed_file(fetch, edition_file(listed.number), MAX_EDITION, public_key)
    if hashlib.sha256(raw).hexdigest() != listed.sha256:
        raise GatheringRefused("other_bytes")
    body = _parsed_body(raw)
    if body.get("format") != FORMAT:
        raise GatheringRefused("other_format")
    _refuse_unlike(body, listed, known)
    return raw, signature


def _parsed_body(raw: bytes) -> dict[str, Any]:
    """Return an edition's body; raise GatheringRefused where it is none, or not canonical."""
    try:
        body = json.loads(raw)
        if isinstance(body, dict) and canonical(body)[0].encode() == raw:
            return body
    except (ValueError, RecursionError):
        pass
    raise GatheringRefused("no_edition")


def _refuse_unlike(body: Mapping[str, Any], listed: ListedEdition, known: KnownHere) -> None:
    """Refuse an edition that is not the listed one, implausible, invented, or asked in other words than its version."""
    try:
        check_edition(body)
        whole = all(isinstance(body[name], list) for name in ROWS_BY_PLACE)
    except (KeyError, ImplausibleEdition):
        raise GatheringRefused("no_edition") from None
    if (body["number"], body["round"]["key"]) != (listed.number, listed.round) or not whole:
        raise GatheringRefused("no_edition")
    if body.get("invented") and not known.demo:
        raise GatheringRefused("invented")
    if any(_other_words(body, role, known.versions) for role in ROLES):
        raise GatheringRefused("other_wording")


def _other_words(body: Mapping[str, Any], role: str, versions: Mapping[str, Version]) -> bool:
    """Return whether an edition says that it asked a version known here, but in other words than that one has."""
    words, version = body["wordings"][role], versions.get(body["versions"][role])
    return version is not None and any(words[q] != wording(version.question(role, q)) for q in QUESTIONS)


def is_known_version(body: Mapping[str, Any], versions: Mapping[str, Version]) -> bool:
    """Return whether both roles were asked versions that are known here."""
    return all(body["versions"][role] in versions for role in ROLES)
