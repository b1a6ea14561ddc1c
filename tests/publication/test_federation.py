"""Editions of other installations: what is signed is taken as it is, and anything else is refused whole."""

import hashlib
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from survey.publication.edition import canonical
from survey.publication.federation import signing_key
from survey.publication.federation.listing import (
    FILE,
    ListedEdition,
    Listing,
    ListingFault,
    edition_file,
    parse_listing,
    signature_file,
)
from survey.publication.federation.signing_key import SigningKeyFault, fingerprint, public_half, same_fingerprint
from survey.publication.federation.verifying import KnownHere
from survey.store.database.engine import write_transaction
from survey.store.published import gathered
from tests.publication.federated import TODAY, VERSIONS, Nation, Region

FIRST = edition_file(1)


def sign_again(region: Region, name: str, raw: bytes) -> None:
    """Put a file in another's place, signed by the region itself."""
    (region.folder / name).write_bytes(raw)
    (region.folder / signature_file(name)).write_bytes(region.signer.sign(raw))


def list_again(region: Region, serial: int = 9, **bodies: bytes) -> None:
    """A listing of these editions of the round, by number, signed by the region."""
    listed = [ListedEdition(int(n[1:]), "host-2026", hashlib.sha256(raw).hexdigest()) for n, raw in bodies.items()]
    sign_again(region, FILE, Listing(public_half(region.signer), "Region West", serial, tuple(listed), ()).raw())


def altered(region: Region, **changed: object) -> bytes:
    """The region's edition with other contents, canonical as ever."""
    return canonical(json.loads((region.folder / FIRST).read_bytes()) | changed)[0].encode()


def test_an_edition_is_kept_as_it_came(nation: Nation, region: Region) -> None:
    outcome = nation.gather(region)
    assert (outcome.refused, outcome.new, outcome.changed) == ("", 1, 0)
    raw = (region.folder / FIRST).read_bytes()
    (found,) = nation.editions("west")
    assert (found.body, found.sha256, found.state) == (raw, hashlib.sha256(raw).hexdigest(), "current")
    assert json.loads(raw) == region.body()
    again = nation.gather(region)
    assert (again.refused, again.new, again.changed) == ("", 0, 0)
    assert nation.source("west").gathered_on == TODAY


@pytest.mark.parametrize("name", [FIRST, FILE])
def test_one_altered_byte_is_refused(nation: Nation, region: Region, name: str) -> None:
    raw = bytearray((region.folder / name).read_bytes())
    at = raw.index(b"1")
    raw[at : at + 1] = b"2"
    (region.folder / name).write_bytes(raw)
    assert nation.gather(region).refused == "not_signed"
    assert nation.editions("west") == [] and nation.source("west").refused == "not_signed"


@pytest.mark.parametrize("name", [FIRST, FILE])
def test_a_signature_by_another_key_is_refused(nation: Nation, region: Region, name: str) -> None:
    raw = (region.folder / name).read_bytes()
    (region.folder / signature_file(name)).write_bytes(Ed25519PrivateKey.generate().sign(raw))
    assert nation.gather(region).refused == "not_signed"
    assert nation.editions("west") == []


def test_everything_signed_anew_by_another_is_refused(nation: Nation, region: Region) -> None:
    replace_key = replace(region, signer=Ed25519PrivateKey.generate())
    replace_key.export()
    assert nation.gather(region).refused == "not_signed"


def test_a_new_key_that_people_have_compared_goes_on_where_the_old_one_was(nation: Nation, region: Region) -> None:
    assert nation.gather(region).new == 1
    region.signer = Ed25519PrivateKey.generate()
    region.publish_more(2)
    region.export()
    assert nation.gather(region).refused == "not_signed"
    with write_transaction(nation.engine) as connection:
        gathered.change_source(connection, "west", public_key=public_half(region.signer))
    assert nation.gather(region).new == 1
    assert nation.states("west") == {1: "replaced", 2: "current"}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"format": 4}, "other_format"),
        ({"number": 2}, "no_edition"),
        ({"round": {"key": "var-2026"}}, "no_edition"),
        ({"places": []}, "no_edition"),
        ({"cells": None}, "no_edition"),
        ({"wordings": {"patient": {}, "provider": {}}}, "no_edition"),
    ],
)
def test_an_edition_that_can_not_be_read_is_refused(
    nation: Nation, region: Region, changed: dict[str, object], why: str
) -> None:
    raw = altered(region, **changed)
    sign_again(region, FIRST, raw)
    list_again(region, n1=raw)
    assert nation.gather(region).refused == why
    assert nation.editions("west") == []


def test_a_known_version_in_other_words_is_refused_and_an_unknown_one_is_taken(nation: Nation, region: Region) -> None:
    words = region.body()["wordings"]
    words["patient"]["trygghet"] = "0" * 12
    raw = altered(region, wordings=words)
    sign_again(region, FIRST, raw)
    list_again(region, n1=raw)
    assert nation.gather(region).refused == "other_wording"
    raw = altered(region, wordings=words, versions={"patient": "egen-2026", "provider": "underlag-2021"})
    sign_again(region, FIRST, raw)
    list_again(region, n1=raw)
    assert nation.gather(region).new == 1


def test_an_edition_in_other_bytes_than_canonical_ones_is_refused(nation: Nation, region: Region) -> None:
    raw = json.dumps(region.body()).encode()
    sign_again(region, FIRST, raw)
    list_again(region, n1=raw)
    assert nation.gather(region).refused == "no_edition"


def test_an_edition_that_is_not_the_listed_one_is_refused(nation: Nation, region: Region) -> None:
    sign_again(region, FIRST, altered(region, smallest_group=31))
    assert nation.gather(region).refused == "other_bytes"


def test_invented_answers_are_for_trials_alone(nation: Nation, region: Region) -> None:
    nation.known = KnownHere(VERSIONS)
    assert nation.gather(region).refused == "invented"
    nation.known = KnownHere(VERSIONS, demo=True)
    assert nation.gather(region).refused == ""


def test_an_older_listing_replayed_is_refused(nation: Nation, region: Region, tmp_path: Path) -> None:
    assert nation.gather(region).new == 1
    shutil.copytree(region.folder, tmp_path / "older")
    region.publish_more(2, smallest_group=40)
    region.export()
    outcome = nation.gather(region)
    assert (outcome.new, outcome.changed) == (1, 1)
    assert nation.states("west") == {1: "replaced", 2: "current"}
    shutil.rmtree(region.folder)
    shutil.copytree(tmp_path / "older", region.folder)
    assert nation.gather(region).refused == "older_listing"
    assert nation.states("west") == {1: "replaced", 2: "current"}


def test_an_older_edition_listed_again_is_refused(nation: Nation, region: Region) -> None:
    nation.gather(region)
    first = (region.folder / FIRST).read_bytes()
    region.publish_more(2, smallest_group=40)
    region.export()
    nation.gather(region)
    sign_again(region, FIRST, first)
    list_again(region, n1=first)
    assert nation.gather(region).refused == "came_back"


def test_an_edition_under_a_number_that_was_another_is_refused(nation: Nation, region: Region) -> None:
    nation.gather(region)
    raw = altered(region, smallest_group=31)
    sign_again(region, FIRST, raw)
    list_again(region, n1=raw)
    assert nation.gather(region).refused == "changed"


def test_an_edition_is_withdrawn_and_never_gone_without_a_word(nation: Nation, region: Region) -> None:
    nation.gather(region)
    list_again(region)
    assert nation.gather(region).refused == "gone"
    with write_transaction(region.sealed.engine) as connection:
        assert gathered.withdraw(connection, 1, TODAY)
        assert not gathered.withdraw(connection, 1, TODAY) and not gathered.withdraw(connection, 7, TODAY)
    region.export()
    assert not (region.folder / FIRST).exists() and not (region.folder / signature_file(FIRST)).exists()
    assert nation.gather(region).changed == 1
    assert nation.states("west") == {1: "withdrawn"}
    assert len(nation.editions("west")[0].body) > 1000


def test_with_an_edition_goes_the_one_that_it_replaced(nation: Nation, region: Region) -> None:
    nation.gather(region)
    region.publish_more(2)
    with write_transaction(region.sealed.engine) as connection:
        gathered.withdraw(connection, 2, TODAY)
    region.export()
    assert nation.gather(region).refused == ""
    assert nation.states("west") == {1: "withdrawn"}


def test_a_missing_file_is_said(nation: Nation, region: Region) -> None:
    (region.folder / FIRST).unlink()
    assert nation.gather(region).refused == "not_there"
    shutil.rmtree(region.folder)
    assert nation.gather(region).refused == "not_there"


def test_what_is_exported_is_what_was_published_and_openssl_verifies_it(region: Region, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    pem = tmp_path / "public.pem"
    pem.write_bytes(region.signer.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    given = ("-rawin", "-in", region.folder / FIRST, "-sigfile", region.folder / signature_file(FIRST))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", pem, *given]
    if shutil.which("openssl") is None:
        pytest.skip("no openssl")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    before = {path.name: path.read_bytes() for path in region.folder.iterdir()}
    region.export()
    assert {path.name: path.read_bytes() for path in region.folder.iterdir()} == before


def test_a_listing_is_read_strictly(region: Region) -> None:
    raw = (region.folder / FILE).read_bytes()
    assert parse_listing(raw).raw() == raw
    found = json.loads(raw)
    for wrong in (
        b"",
        b"[]",
        b"{",
        raw + b" ",
        *(
            canonical(found | changed)[0].encode()
            for changed in (
                {"more": 1},
                {"format": 2},
                {"kind": "other"},
                {"serial": True},
                {"name": "a\nb"},
                {"editions": found["editions"] * 2},
                {"withdrawn": [1]},
                {"withdrawn": ["1"]},
            )
        ),
    ):
        with pytest.raises(ListingFault):
            parse_listing(wrong)


def test_the_signing_key_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "federation.pem"
    with pytest.raises(SigningKeyFault, match="no signing key"):
        signing_key.read_key(path)
    made = signing_key.make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    shown = fingerprint(public_half(made))
    assert fingerprint(public_half(signing_key.read_key(path))) == shown and len(shown) == 39
    assert same_fingerprint(shown.upper().replace(" ", ""), public_half(made))
    assert not same_fingerprint(shown[:-1], public_half(made)) and not same_fingerprint("", public_half(made))
    assert fingerprint(public_half(signing_key.make_key(path))) != shown
    path.chmod(0o640)
    with pytest.raises(SigningKeyFault, match="read by others"):
        signing_key.read_key(path)
    path.write_bytes(b"no key")
    path.chmod(0o600)
    with pytest.raises(SigningKeyFault, match="no key that can be read"):
        signing_key.read_key(path)
