"""All 21 regions with invented editions, signed and exported as each would: and a nation that gathers them.

Answers are drawn by a seed of their own, so that they are the same whatever noise is drawn.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import QUESTIONS, ROLES, answer_codes_of
from survey.domain.questions.questionnaire import DEFAULT_VERSION
from survey.publication.edition import canonical
from survey.publication.federation.contributions import Period
from survey.publication.federation.export import write_files
from survey.publication.federation.fetching import fetch_from
from survey.publication.federation.gathering import Gatherer, Outcome
from survey.publication.federation.listing import FILE, ListedEdition, Listing, edition_file
from survey.publication.federation.publishing import National, PublishedNational, contributions_of, publish_national
from survey.publication.federation.signing_key import public_half
from survey.publication.federation.verifying import KnownHere
from survey.sealing.rounds.counting import Counts
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import gathered
from survey.store.published.gathered import Source
from tests.factories import make_round
from tests.publication.federated import TODAY, VERSIONS
from tests.told_rounds import Opened, Opening, Rounds

NAMES = {
    "stockholm": "Region Stockholm",
    "uppsala": "Region Uppsala",
    "sormland": "Region Sörmland",
    "ostergotland": "Region Östergötland",
    "jonkoping": "Region Jönköpings län",
    "kronoberg": "Region Kronoberg",
    "kalmar": "Region Kalmar län",
    "gotland": "Region Gotland",
    "blekinge": "Region Blekinge",
    "skane": "Region Skåne",
    "halland": "Region Halland",
    "vastra-gotaland": "Västra Götalandsregionen",
    "varmland": "Region Värmland",
    "orebro": "Region Örebro län",
    "vastmanland": "Region Västmanland",
    "dalarna": "Region Dalarna",
    "gavleborg": "Region Gävleborg",
    "vasternorrland": "Region Västernorrland",
    "jamtland-harjedalen": "Region Jämtland Härjedalen",
    "vasterbotten": "Region Västerbotten",
    "norrbotten": "Region Norrbotten",
}
UNITS = 3
HALVES = tuple((year, half) for year in (2024, 2025, 2026) for half in ("var", "host"))[1:]
# Patients' share first and how much it rises a round; staff's.
TRUTH = {
    "trygghet": (0.55, 0.01, 0.74),
    "overenskommelse": (0.34, 0.02, 0.56),
    "kontaktvagar": (0.68, 0.0, 0.70),
    "fast_vardkontakt": (0.30, 0.03, 0.73),
    "nasta_steg": (0.49, 0.02, 0.60),
    "nasta_tid": (0.47, 0.0, 0.65),
    "overblick": (0.26, 0.01, 0.59),
}


def period_of(at: int) -> Period:
    """The half-year with this number."""
    year, half = HALVES[at]
    first, last = (1, 6) if half == "var" else (7, 12)
    name = f"{'våren' if half == 'var' else 'hösten'} {year}"
    return Period(f"{half}-{year}", name, date(year, first, 1), date(year, last, 30))


def places_of(key: str, top: str | None = None) -> list[Place]:
    """A region and its units; below another place it is as a municipality there."""
    units = [
        Place(f"{key}-u{n}", f"{NAMES[key]} {n}", "unit", f"{key}-m" if top is None else key) for n in range(UNITS)
    ]
    if top is not None:
        return [Place(key, NAMES[key], "municipality", top), *units]
    return [Place(key, NAMES[key], "region"), Place(f"{key}-m", f"{NAMES[key]} kommun", "municipality", key), *units]


@cache
def answered(key: str, at: int) -> Opened:
    """What was answered in a region in the half-year with this number."""
    rng = np.random.default_rng(int.from_bytes(sha256(f"{key} {at}".encode()).digest()[:8]))
    tilt = Random(key).uniform(-0.06, 0.06)
    found: dict[tuple[str, str, str], Counts] = {}
    for unit in range(UNITS):
        for role, few, many in (("patient", 40, 160), ("provider", 10, 40)):
            n = int(rng.integers(few, many))
            found[f"{key}-u{unit}", role, "invited"] = _drawn(role, n, at, tilt, rng)
    return found


def _drawn(role: str, n: int, at: int, tilt: float, rng: np.random.Generator) -> Counts:
    counts: Counts = Counter({("all", "all"): n})
    for question, (patient, rise, provider) in TRUTH.items():
        yes = min(0.97, max(0.03, (provider if role == "provider" else patient + rise * at) + tilt))
        parts = {"yes": 0.92 * yes, "dont_know": 0.08}
        rest = [code for code in answer_codes_of(role, question) if code in {"partly", "no"}]
        parts |= dict.fromkeys(rest, 0.92 * (1 - yes) / len(rest))
        for code, many in zip(parts, rng.multinomial(n, list(parts.values())), strict=True):
            counts[question, code] = int(many)
    return counts


def editions_of(key: str, rounds: int = 1, seed: int = 0, version: str = DEFAULT_VERSION) -> list[dict[str, Any]]:
    """A region's editions of the first half-years, each with noise of its own dice."""
    made = Rounds(places_of(key), VERSIONS)
    for at in range(rounds):
        period = period_of(at)
        asked = make_round(
            f"{key}-{period.key}",
            name=period.name,
            opens=period.opens.replace(day=14),
            closes=period.opens.replace(month=period.opens.month + 3, day=10),
            version_patient=version,
            version_provider=version,
        )
        made.publish(asked, Opening(answered(key, at), dice=sha256(f"{key} {at} {seed}".encode()).digest()))
    return made.bodies


class Exporter:
    """A region's installation, as far as others see it: a key, and a folder of signed files."""

    def __init__(self, folder: Path, key: str, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Export these editions."""
        self.key, self.folder, self.signer = key, folder, Ed25519PrivateKey.generate()
        self.export(bodies)

    def export(self, bodies: Sequence[Mapping[str, Any]], withdrawn: Iterable[int] = ()) -> None:
        """Export these, and say that some are withdrawn."""
        files, listed, gone = {}, [], tuple(withdrawn)
        for body in bodies:
            if body["number"] not in gone:
                text, digest = canonical(body)
                files[edition_file(body["number"])] = text.encode()
                listed.append(ListedEdition(body["number"], body["round"]["key"], digest))
        serial = max((body["number"] for body in bodies), default=1) + len(gone)
        listing = Listing(public_half(self.signer), NAMES[self.key], serial, tuple(listed), gone)
        write_files(self.folder, files | {FILE: listing.raw()}, self.signer)

    @property
    def source(self) -> Source:
        """As it is trusted by others."""
        return Source(self.key, NAMES[self.key], str(self.folder), public_half(self.signer))


class Gathering:
    """The installation that gathers, and publishes the nation."""

    def __init__(self, engine: Engine, settings: Any) -> None:
        """Take a database that is migrated."""
        self.engine, self.settings = engine, settings

    def trust(self, exporter: Exporter) -> None:
        """Trust a region's key, as after two people have compared it."""
        with write_transaction(self.engine) as connection:
            gathered.add_source(connection, exporter.source)

    def gather(self) -> list[Outcome]:
        """Gather from every region."""
        with read_transaction(self.engine) as connection:
            every = gathered.sources(connection)
        gatherer = Gatherer(self.engine, KnownHere(VERSIONS), TODAY)
        return [gatherer.gather(each, fetch_from(each.site, self.settings)) for each in every]

    def publish(self, period: Period, expected: int = 21) -> PublishedNational:
        """Publish a period's national edition from what is gathered."""
        with read_transaction(self.engine) as connection:
            there = contributions_of(connection, period)
        return publish_national(self.engine, National(period, VERSIONS[DEFAULT_VERSION], expected), there, TODAY)


def truth(keys: Iterable[str], at: int, role: str, question: str) -> dict[str, int]:
    """What was really answered in some regions."""
    found = dict.fromkeys(("yes", "not_yes", "non_substantive"), 0)
    for key in keys:
        for (_unit, whose, _mode), counts in answered(key, at).items():
            if whose == role:
                yes, not_yes = counts[question, "yes"], counts[question, "partly"] + counts[question, "no"]
                found["yes"] += yes
                found["not_yes"] += not_yes
                found["non_substantive"] += counts["all", "all"] - yes - not_yes
    return found


__all__ = ["HALVES", "NAMES", "QUESTIONS", "ROLES", "Exporter", "Gathering", "answered", "editions_of", "period_of"]
