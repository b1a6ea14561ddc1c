"""Editions that are well signed and can't be: refused when they are gathered, so that none stops or bends a nation."""

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from survey.domain.disclosure.protection import Protection
from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.domain.questions.questionnaire import DEFAULT_VERSION
from survey.publication.edition import canonical
from survey.publication.federation.contributions import contribution
from survey.publication.federation.edition_rules import ImplausibleEdition, check_edition
from survey.publication.federation.national import national_body
from tests.factories import make_round
from tests.publication.federated import VERSIONS, Nation, Region
from tests.publication.test_federation import FIRST, list_again, sign_again
from tests.publication.test_national import KEYS, PERIOD, an_edition, answered, places_below
from tests.told_rounds import Opening, Rounds

Path = Sequence[str | int]
GONE = object()


@pytest.fixture
def body(region: Region) -> dict[str, Any]:
    """A region's edition, its own rows before those of what lies below it."""
    found = copy.deepcopy(region.body())
    for name in ("cells", "gaps", "respondents"):
        found[name].sort(key=lambda row: row["place"] != "west")
    return found


def changed(body: dict[str, Any], path: Path, value: object) -> dict[str, Any]:
    """The body with one thing in it changed, or gone."""
    found = copy.deepcopy(body)
    inner: Any = found
    for name in path[:-1]:
        inner = inner[name]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return found


def test_what_our_publication_writes_is_taken(body: dict[str, Any]) -> None:
    check_edition(body)
    for key in KEYS:
        check_edition(json.loads(canonical(an_edition(key, 1))[0]))
    stronger = Protection(**dict.fromkeys(("unit", "region"), Protection().region / 10))
    opening = Opening(answered("west"), protection=stronger)
    check_edition(Rounds(places_below("west", None), VERSIONS).publish(make_round("west"), opening))


def test_a_region_with_few_answers_is_taken(body: dict[str, Any]) -> None:
    hidden = {"n": None, "counts": None, "noise": None, "noise_part": None, "status": "hidden"}
    hidden |= dict.fromkeys(("share", "low", "high"))
    for row in body["cells"]:
        row.update(hidden if row["role"] == "provider" else {})
    for row in body["gaps"]:
        row.update(status="hidden", gap=None)
    check_edition(body)


TEXTS = ("\x1b[2J", "Region \u202eenaks", "a\nb", "a\0", "Regio\u0301n", "x" * 500)
WRONG: list[tuple[Path, object]] = [
    *((("places", 0, "name"), text) for text in TEXTS),
    *((("more",), text) for text in TEXTS),
    (("round", "name"), "\x1b]0;"),
    (("versions",), {"patient": "\x1b[31m", "provider": "a"}),
    (("versions", "other"), 3),
    (("more", ), 10**400),
    (("more", ), 10**12),
    (("number",), True),
    (("number",), 1.0),
    (("round", "opens"), "2026-9-1"),
    (("round", "closes"), "20261101"),
    (("round", "closes"), "2026-99-99"),
    (("round", "closes"), "1926-01-01"),
    (("round", "closes"), None),
    (("noise", "unit"), 1000.0),
    (("noise", "region"), 0),
    (("noise",), {}),
    (("thresholds", "patient"), "a"),
    (("thresholds", "provider"), 1),
    (("smallest_group",), 2),
    (("wordings", "patient", "trygghet"), []),
    (("places", 0), 1),
    (("places", 0, "level"), GONE),
    (("places", 0, "level"), "nation"),
    (("places", 1, "parent"), "elsewhere"),
    (("places", 1, "key"), "west"),
    (("cells",), []),
    (("cells", 0), 1),
    (("cells", 0, "place"), "elsewhere"),
    (("cells", 0, "question"), "overblick"),
    *((("cells", 0, "noise"), value) for value in (0, -1e5, 0.1, "x", None)),
    *((("cells", 0, "counts", "yes"), value) for value in (1e15, -500.0, "1", None, True, 10**400, GONE)),
    (("cells", 0, "counts", "partly"), 1e4),
    (("cells", 0, "counts", "surely"), "1"),
    (("cells", 0, "noise_part"), None),
    (("cells", 0, "n"), 35),
    (("cells", 0, "share"), None),
    (("cells", 0, "share"), 101),
    (("cells", 0, "status"), GONE),
    (("cells", -1, "counts", "yes"), 400.0),
    (("gaps",), []),
    (("gaps", 0, "gap"), 99.9),
    (("gaps", 0, "low"), None),
    *((("gaps", 0, "se"), value) for value in (0, -1, None, "x")),
    (("gaps", 0, "kind"), "guessed"),
    (("gaps", 0, "units"), -1),
    (("respondents",), []),
    (("respondents", 0, "n"), -5),
    (("respondents", 0, "handed_out"), "many"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), WRONG, ids=lambda each: "gone" if each is GONE else repr(each))
def test_what_no_publication_writes_is_refused(body: dict[str, Any], path: Path, value: object) -> None:
    with pytest.raises(ImplausibleEdition):
        check_edition(changed(body, path, value))


def test_a_row_that_is_there_twice_is_refused(body: dict[str, Any]) -> None:
    for name in ("cells", "gaps", "respondents", "places"):
        with pytest.raises(ImplausibleEdition):
            check_edition(body | {name: [*body[name], body[name][0]]})


def test_units_never_hold_more_answers_than_their_region(body: dict[str, Any]) -> None:
    # A region's weight in the nation's gap is worked out from its units.
    for row in body["cells"]:
        if row["place"].startswith("west-u"):
            row["counts"] = {name: value + 20 for name, value in row["counts"].items()}
            row["n"] = 5 * ((round(sum(row["counts"].values())) + 2) // 5)
    with pytest.raises(ImplausibleEdition, match="units"):
        check_edition(body)


Spoil = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: changed(body, ("cells", 0, "noise"), "x"),
        lambda body: changed(body, ("gaps", 0, "se"), None),
        lambda body: changed(body, ("thresholds", "patient"), "a"),
        lambda body: body | {"respondents": []},
    ],
)
def test_no_signed_edition_stops_the_national_one(
    nation: Nation, region: Region, body: dict[str, Any], spoil: Spoil
) -> None:
    assert nation.gather(region).new == 1
    raw = canonical(spoil(body | {"number": 2}))[0].encode()
    sign_again(region, FIRST.replace("1", "2"), raw)
    list_again(region, n2=raw)
    assert nation.gather(region).refused == "no_edition"
    there = [contribution(nation.source("west"), nation.editions("west"), PERIOD)]
    made = national_body(PERIOD, there, VERSIONS[DEFAULT_VERSION], expected=1)
    assert len(made["cells"]) == 2 * len(ROLES) * len(QUESTIONS) and made["regions"][0]["edition"] == 1
