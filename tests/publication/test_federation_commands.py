"""`flask federation` as two operators use it: one exports, the other compares fingerprints, gathers and reads."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from click.testing import Result

from survey.app import create_app
from survey.cli.federation.words import REFUSALS
from survey.config import Settings
from survey.publication.edition import canonical
from survey.publication.federation.export import write_files
from survey.publication.federation.fetching import _meaning
from survey.publication.federation.listing import FILE, ListedEdition, Listing, edition_file
from survey.publication.federation.signing_key import (
    InstallationKey,
    SigningKeyFault,
    ensure_key,
    is_signed,
    key_file,
    public_half,
    read_key,
)
from survey.store.maintenance.migrate import upgrade
from tests.publication.federated import ROOT, TODAY, Region
from tests.sealed import SECRET


class Operator:
    """Who runs the commands of one installation."""

    def __init__(self, folder: Path) -> None:
        """Make its app; a trial."""
        folder.mkdir(exist_ok=True)
        (folder / "config.toml").write_text(f'secret = "{SECRET}"\ndemo = true\nsession_cookie_secure = false\n')
        self.app = create_app("all", folder, lambda: TODAY)
        upgrade(self.app.extensions["services"].engine)

    def run(self, *arguments: str) -> Result:
        """Run a command."""
        with self.app.app_context():
            return self.app.test_cli_runner().invoke(args=["federation", *arguments])

    def says(self, *arguments: str) -> str:
        """What a command says that ends well."""
        done = self.run(*arguments)
        assert done.exit_code == 0, done.output
        return done.output

    def log(self) -> str:
        """The audit log."""
        with self.app.app_context():
            return self.app.test_cli_runner().invoke(args=["audit"]).output


@pytest.fixture
def west(region: Region) -> Operator:
    """The region's operator."""
    return Operator(region.sealed.settings.instance)


@pytest.fixture
def nation(tmp_path: Path) -> Operator:
    """The nation's."""
    return Operator(tmp_path / "nation")


def test_from_key_to_status(west: Operator, nation: Operator, tmp_path: Path) -> None:
    folder = str(tmp_path / "out")
    refused = west.run("export", "--out", folder)
    assert refused.exit_code == 1 and "flask --app wsgi federation key" in refused.output
    shown = west.says("key").strip()
    assert west.says("key").strip() == shown
    exported = west.says("export", "--out", folder)
    assert shown in exported and "let only those who gather read it" in exported
    wrong = nation.run("trust", "west", folder, "--fingerprint", "0000 " * 8)
    assert wrong.exit_code == 1 and shown in wrong.output and "Nothing was trusted" in wrong.output
    assert nation.says("status") == ""
    assert nation.says("trust", "west", folder, "--fingerprint", shown.upper()) == "Region West is trusted as west.\n"
    assert "gathered never" in nation.says("status")
    assert nation.says("gather") == "west: 1 new, 0 replaced or withdrawn.\n"
    assert nation.says("gather", "west") == "west: nothing new.\n"
    said = nation.says("status").splitlines()
    assert said == [
        f"west: Region West, key {shown}, gathered {TODAY}",
        "  edition 1, round host-2026: current",
    ]
    assert "source_trusted" in nation.log() and shown in nation.log()
    assert west.log().count("signing_key_made") == 1


def test_withdrawn_and_refused_are_said(west: Operator, nation: Operator, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    shown = west.says("key").strip()
    west.says("export", "--out", str(folder))
    nation.says("trust", "west", str(folder), "--fingerprint", shown)
    nation.says("gather")
    west.says("withdraw", "1")
    again = west.run("withdraw", "1")
    assert again.exit_code == 1 and "withdrawn already" in again.output
    west.says("export", "--out", str(folder))
    assert nation.says("gather") == "west: 0 new, 1 replaced or withdrawn.\n"
    assert "edition 1, round host-2026: withdrawn" in nation.says("status")
    (folder / "editions.json").write_bytes((folder / "editions.json").read_bytes() + b" ")
    refused = nation.run("gather")
    assert refused.exit_code == 1 and refused.output == f"west: {REFUSALS['not_signed']}\n"
    assert f"refused: {REFUSALS['not_signed']}" in nation.says("status")


def test_a_key_is_changed_in_the_open(west: Operator, nation: Operator, tmp_path: Path) -> None:
    folder = str(tmp_path / "out")
    first = west.says("key").strip()
    west.says("export", "--out", folder)
    nation.says("trust", "west", folder, "--fingerprint", first)
    twice = nation.run("trust", "other", folder, "--fingerprint", first)
    assert twice.exit_code == 1 and "trusted as west already" in twice.output
    second = west.says("key", "--new").strip()
    assert second != first
    west.says("export", "--out", folder)
    assert nation.run("gather").exit_code == 1
    unsaid = nation.run("trust", "west", folder, "--fingerprint", second)
    assert unsaid.exit_code == 1 and "--new-key" in unsaid.output and first in unsaid.output
    nation.says("trust", "west", folder, "--fingerprint", second, "--new-key")
    assert nation.says("gather") == "west: 1 new, 0 replaced or withdrawn.\n"


def test_after_a_theft_all_that_the_thief_published_is_forgotten(
    west: Operator, nation: Operator, region: Region, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    first = west.says("key").strip()
    west.says("export", "--out", str(folder))
    nation.says("trust", "west", str(folder), "--fingerprint", first)
    # Who has the key lists an edition of their own, under the highest serial that there can be.
    thief = read_key(tmp_path / "west" / "federation.pem")
    raw = canonical(region.body() | {"number": 2, "smallest_group": 99})[0].encode()
    listed = ListedEdition(2, "host-2026", hashlib.sha256(raw).hexdigest())
    listing = Listing(public_half(thief), "Region West", 2**31 - 1, (listed,), ())
    write_files(folder, {edition_file(2): raw, FILE: listing.raw()}, thief)
    assert nation.says("gather") == "west: 1 new, 0 replaced or withdrawn.\n"
    region.publish_more(2)
    second = west.says("key", "--new").strip()
    west.says("export", "--out", str(folder))
    nation.says("trust", "west", str(folder), "--fingerprint", second, "--new-key")
    assert nation.run("gather").output == f"west: {REFUSALS['changed']}\n"
    assert nation.says("forget", "west") == "west is trusted no more, and 1 of its editions forgotten.\n"
    assert nation.says("status") == "" and "source_forgotten" in nation.log()
    again = nation.run("forget", "west")
    assert again.exit_code == 1 and "No installation is trusted as west." in again.output
    nation.says("trust", "west", str(folder), "--fingerprint", second)
    assert nation.says("gather") == "west: 1 new, 0 replaced or withdrawn.\n"


@pytest.mark.parametrize(
    ("key", "site", "words"),
    [
        ("West", "/tmp", "only a–z"),
        ("west", "http://region.example", "must begin with https://"),
        ("west", "file:///etc", "must be https://host"),
        ("west", "https://a:b@region.example", "must be https://host"),
        ("west", "/nowhere-at-all", "a file is not there"),
    ],
)
def test_what_can_not_be_trusted_is_refused_in_a_sentence(nation: Operator, key: str, site: str, words: str) -> None:
    refused = nation.run("trust", key, site, "--fingerprint", "0")
    assert refused.exit_code == 1 and words in refused.output
    assert nation.says("status") == "" and "source_trusted" not in nation.log()


def test_an_unknown_name_is_said(nation: Operator) -> None:
    refused = nation.run("gather", "nowhere")
    assert refused.exit_code == 1 and "No installation is trusted as nowhere" in refused.output


def test_another_version_is_said(west: Operator, nation: Operator, region: Region, tmp_path: Path) -> None:
    words = region.body()["wordings"]
    words["patient"]["trygghet"] = "0" * 12
    asked = {"patient": "egen-2026", "provider": "underlag-2021"}
    region.publish_more(2, wordings=words, versions=asked)
    shown = west.says("key").strip()
    west.says("export", "--out", str(tmp_path / "out"))
    assert json.loads((tmp_path / "out" / "edition-2.json").read_bytes())["versions"] == asked
    nation.says("trust", "west", str(tmp_path / "out"), "--fingerprint", shown)
    nation.says("gather")
    assert "current, of another version of the questions (egen-2026, underlag-2021)" in nation.says("status")


DAYS = ("--opens", "2026-07-01", "--closes", "2026-12-31", "--expected", "21")


def test_a_national_edition_is_written_once_and_says_what_is_not_in_it(
    west: Operator, nation: Operator, region: Region, tmp_path: Path
) -> None:
    out = tmp_path / "national"
    wanted = ("national", "host-2026", "--name", "hösten 2026", *DAYS, "--out", str(out))
    none = nation.run(*wanted)
    assert none.exit_code == 1 and "Nothing was published" in none.output and not out.exists()
    shown = west.says("key").strip()
    west.says("export", "--out", str(tmp_path / "out"))
    nation.says("trust", "west", str(tmp_path / "out"), "--fingerprint", shown)
    assert "west: has nothing." in nation.run(*wanted).output
    nation.says("gather")
    nation.says("key")
    said = nation.says(*wanted)
    assert "west: stands in the figures." in said
    assert "1 of 21 regions stand in the figures; 20 are not trusted here." in said
    first = out / "national-host-2026-1.json"
    body = json.loads(first.read_bytes())
    assert body["cells"][0]["place"] == "sverige" and body["number"] == 1
    assert is_signed(public_half(read_key(tmp_path / "nation" / "federation.pem")), *signed(first))
    before = first.read_bytes()
    nation.says(*wanted)
    assert [path.name for path in sorted(out.glob("*.json"))] == [first.name] and first.read_bytes() == before
    region.publish_more(2, smallest_group=40)
    west.says("export", "--out", str(tmp_path / "out"))
    nation.says("gather")
    assert "national-host-2026-2.json" in nation.says(*wanted)
    assert first.read_bytes() == before
    unknown = nation.run(*wanted, "--version", "egen")
    assert unknown.exit_code == 1 and "There is no version egen" in unknown.output


def test_one_region_under_two_names_is_not_added_up_twice(west: Operator, nation: Operator, tmp_path: Path) -> None:
    for number, name in enumerate(("west", "copy")):
        shown = west.says("key", *(["--new"] if number else [])).strip()
        west.says("export", "--out", str(tmp_path / name))
        nation.says("trust", name, str(tmp_path / name), "--fingerprint", shown)
    nation.says("gather")
    wanted = ("national", "host-2026", "--name", "hösten 2026", *DAYS, "--out", str(tmp_path / "national"))
    refused = nation.run(*wanted)
    assert refused.exit_code == 1 and "copy, west: both are Region West" in refused.output
    assert not (tmp_path / "national").exists()
    nation.says("forget", "copy")
    assert "1 of 21 regions" in nation.says(*wanted)


def signed(path: Path) -> tuple[bytes, bytes]:
    """A file's signature and bytes."""
    return path.with_name(f"{path.name}.sig").read_bytes(), path.read_bytes()


def test_a_key_is_made_once_and_named_again(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, secret=SECRET)
    made = ensure_key(settings)
    assert made.is_new and key_file(settings).stat().st_mode & 0o777 == 0o600
    assert ensure_key(settings) == InstallationKey(made.fingerprint, is_new=False)
    key_file(settings).chmod(0o644)
    with pytest.raises(SigningKeyFault):
        ensure_key(settings)


def test_every_refusal_has_its_sentence() -> None:
    sources = (ROOT / "survey" / "publication" / "federation").glob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    codes = set(re.findall(r'(?:GatheringRefused|FetchFault)\("(\w+)"\)', text))
    codes |= {_meaning(status) for status in (301, 404, 500)}
    assert codes == set(REFUSALS)
