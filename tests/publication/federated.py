"""Regions that run the survey each by itself, the real way: accepted, closed, published, exported. And a nation."""

import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from survey.domain.places.place_tree import Place
from survey.domain.questions.questionnaire import read_versions
from survey.publication.edition import canonical
from survey.publication.federation.export import exported, write_files
from survey.publication.federation.fetching import fetch_from
from survey.publication.federation.gathering import Gatherer, Outcome
from survey.publication.federation.signing_key import public_half
from survey.publication.federation.verifying import KnownHere
from survey.publication.publish import publish
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions, gathered
from survey.store.published.gathered import GatheredEdition, Source
from tests.publication.invented import response
from tests.sealed import ROUND, Sealed, make_sealed

ROOT = Path(__file__).parents[2]
VERSIONS = read_versions(ROOT / "survey" / "questionnaires")
TODAY = date(2026, 11, 1)
SIZES = {"patient": 14, "provider": 6}


def places_of(key: str, units: int = 2) -> list[Place]:
    """One region with a municipality and its units."""
    region = Place(key, f"Region {key.title()}", "region")
    municipality = Place(f"{key}-m", f"{key.title()} kommun", "municipality", key)
    below = [Place(f"{key}-u{u}", f"{key.title()} {u}", "unit", f"{key}-m", headcount=2000) for u in range(units)]
    return [region, municipality, *below]


@dataclass
class Region:
    """One region's installation with a published round, its signing key, and the folder it exports to."""

    key: str
    sealed: Sealed
    signer: Ed25519PrivateKey
    folder: Path

    def export(self) -> None:
        """Export as the command does."""
        with read_transaction(self.sealed.engine) as connection:
            files = exported(connection, self.signer)
        write_files(self.folder, files, self.signer)

    def publish_more(self, number: int, **changed: Any) -> None:
        """One more edition of the round, changed from edition 1, as a later version may make one."""
        with write_transaction(self.sealed.engine) as connection:
            first = editions.get(connection, 1)
            assert first is not None
            text, sha256 = canonical(first.content | {"number": number} | changed)
            editions.add(connection, ROUND, text, sha256, TODAY)

    @property
    def source(self) -> Source:
        """As it is trusted by others."""
        return Source(self.key, f"Region {self.key.title()}", str(self.folder), public_half(self.signer))

    def body(self) -> dict[str, Any]:
        """The newest edition's body."""
        with read_transaction(self.sealed.engine) as connection:
            return editions.latest_by_round(connection)[-1].content


def answer(sealed: Sealed, places: list[Place], sizes: Mapping[str, int], seed: int) -> None:
    """Answers for every unit, sent, sealed and accepted as anybody's."""
    rng = random.Random(seed)
    for unit in (place.key for place in places if place.level == "unit"):
        for role, many in sizes.items():
            codes = sealed.codes(unit, many, role) if role == "provider" else [None] * many
            for code in codes:
                sealed.send(unit, response(rng, role), code, "invited" if code else "open")


def make_region(engine: Engine, folder: Path, key: str, seed: int = 1, sizes: Mapping[str, int] = SIZES) -> Region:
    """Make a region's installation, and everything up to its export."""
    places = places_of(key)
    folder.mkdir(parents=True, exist_ok=True)
    sealed = make_sealed(engine, folder, places)
    answer(sealed, places, sizes, seed)
    sealed.close()
    publish(engine, sealed.settings, VERSIONS, ROUND, TODAY)
    region = Region(key, sealed, Ed25519PrivateKey.generate(), folder / "export")
    region.export()
    return region


@dataclass
class Nation:
    """The installation that gathers."""

    engine: Engine
    settings: Any
    known: KnownHere

    def trust(self, region: Region) -> None:
        """Trust a region, as `federation trust` does after the fingerprints were compared."""
        with write_transaction(self.engine) as connection:
            gathered.add_source(connection, region.source)

    def gather(self, region: Region) -> Outcome:
        """Gather from its folder."""
        source = self.source(region.key)
        gatherer = Gatherer(self.engine, self.known, TODAY)
        return gatherer.gather(source, fetch_from(source.site, self.settings))

    def source(self, key: str) -> Source:
        """What is known of a source."""
        with read_transaction(self.engine) as connection:
            return next(each for each in gathered.sources(connection) if each.key == key)

    def editions(self, key: str) -> list[GatheredEdition]:
        """What was gathered of a source."""
        with read_transaction(self.engine) as connection:
            return gathered.editions_of(connection, key)

    def states(self, key: str) -> dict[int, str]:
        """The state of each of its editions."""
        return {each.number: each.state for each in self.editions(key)}


def fresh(migrated_file: Path, path: Path, open_engine: Callable[..., Engine]) -> Engine:
    """An engine on a copy of a migrated database."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(migrated_file, path)
    return open_engine(f"sqlite:///{path}")
