"""Sentences made from numbers: never more than the interval carries."""

import copy
import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from analysis.charts import CHARTS, OF_QUESTION, gap, gap_trend
from analysis.frames import frame
from analysis.localisation import MINUS, NO_BREAK, PlainLocalisation, format_range
from analysis.sentences import distribution, findings
from analysis.sentences import gap as gap_words
from tests.analysis.english import ENGLISH, EnglishTexts
from tests.analysis.invented import cell_of, edition, editions, hidden_cell, shown_cell, unsure_cell
from tests.analysis.sentences_of import TEXTS, all_cells, table_of

NO_CLAIM = ("går inte att skilja", "kan vara slump", "ör få svar", "ör osäkert")


cells_of_any_kind = st.one_of(
    st.builds(shown_cell, st.integers(0, 100), st.sampled_from([5, 10, 15, 30, 60, 340])),
    st.builds(cell_of, st.integers(-3, 60), st.integers(-3, 60), st.integers(0, 5), st.sampled_from([3.163, 13.166])),
    st.builds(unsure_cell, st.sampled_from([10, 20])),
    st.builds(hidden_cell),
)


@settings(deadline=None)
@given(cells_of_any_kind, cells_of_any_kind)
def test_a_gap_claims_only_what_the_interval_carries(patient: dict[str, Any], provider: dict[str, Any]) -> None:
    table = table_of(gap, [edition(0, all_cells(patient, provider))])
    row = frame.records(table)[0]
    sentence, verdict = findings.gap_sentence(row, TEXTS), findings.gap_verdict(row, TEXTS)
    headline = gap_words.gap_headline(table, TEXTS)
    claims = row["distinct"] and (row["low"] > 0 or row["high"] < 0)
    for words in (sentence, verdict):
        assert any(no in words for no in NO_CLAIM) != claims
    assert ("oftare" in headline) == claims
    assert (verdict == "mer än slump") == claims
    if claims and row["low"] > 0:
        assert "vården svarar ja oftare" in sentence
    if claims and row["high"] < 0:
        assert "patienterna svarar ja oftare" in sentence
    for role in frame.ROLES:
        words = findings.share_text(row, TEXTS, f"{role}_")
        assert ("osäkert" in words) == (row[f"{role}_status"] in {"hollow", "unsure"})
        assert ("mellan" in words) == (row[f"{role}_status"] == "interval")
    assert "inget gap" not in sentence.lower()


def test_the_claims_are_real_ones() -> None:
    """The control of the property above: both directions and no claim do occur."""
    seen = []
    for patient, provider in ((20, 90), (90, 20), (50, 52)):
        table = table_of(gap, [edition(0, all_cells(shown_cell(patient, 60), shown_cell(provider, 30)))])
        seen.append(findings.gap_sentence(frame.records(table)[0], TEXTS).split(".")[0])
    assert seen == [
        "Mer än slump: vården svarar ja oftare än patienterna",
        "Mer än slump: patienterna svarar ja oftare än vården",
        "Skillnaden går inte att skilja från noll",
    ]


def test_chance_is_named_where_only_the_interval_leaves_zero_out() -> None:
    table = table_of(gap, [edition(0, all_cells(shown_cell(40, 100), shown_cell(58, 60)))])
    row = frame.records(table)[0]
    assert row["low"] > 0
    assert not row["distinct"]
    why = "intervallet är på en sida om noll, men när sju frågor prövas samtidigt räcker det inte"
    assert findings.gap_verdict(row, TEXTS) == "kan vara slump"
    assert findings.gap_sentence(row, TEXTS).startswith(f"Skillnaden kan vara slump: {why}.")
    assert findings.verdict_sentence(row, TEXTS) == f"Kan vara slump: {why}."
    one = table.assign(distinct=False, low=[row["low"], *[-1.0] * 6])
    assert gap_words.gap_headline(one, TEXTS) == "Skillnaden mellan patienter och vården kan vara slump: Trygghet"
    assert gap_words.gap_headline(one.assign(low=row["low"]), TEXTS).endswith("är säkert mer än slump")
    assert OF_QUESTION["trygghet"].headline_of(row, TEXTS) == "Trygghet: skillnaden kan vara slump"


@pytest.mark.parametrize(
    ("row", "words", "beside_the_mark"),
    [
        ({"status": "shown", "share": 62.4}, f"62{NO_BREAK}%", f"62{NO_BREAK}%"),
        ({"status": "hollow", "share": 62.4}, f"62{NO_BREAK}% (osäkert)", f"62{NO_BREAK}%"),
        ({"status": "interval", "low": 41.2, "high": 78.6}, f"mellan 41 och 79{NO_BREAK}%", f"41–79{NO_BREAK}%"),
        ({"status": "unsure"}, "för osäkert", "för osäkert"),
        ({"status": "hidden"}, "för få svar", "för få svar"),
    ],
)
def test_share_in_words(row: dict[str, Any], words: str, beside_the_mark: str) -> None:
    assert findings.share_text(row, TEXTS) == words
    assert findings.share_number(row, TEXTS) == beside_the_mark


def test_headline_names_three_and_counts_more() -> None:
    table = table_of(gap, [edition(0, all_cells(shown_cell(20, 60), shown_cell(90, 30)))])
    assert gap_words.gap_headline(table, TEXTS) == "Frågor där vården svarar ja oftare än patienterna: 7 av 7"
    few = table.assign(distinct=[True, False, False, True, False, False, False])
    headline = gap_words.gap_headline(few, TEXTS)
    assert headline == "Vården svarar ja oftare än patienterna: Trygghet, Fast vårdkontakt"


def test_a_headline_names_the_largest_gap_first() -> None:
    table = table_of(gap, [edition(0, all_cells(shown_cell(20, 60), shown_cell(90, 30)))])
    few = table.assign(distinct=[True, False, False, True, False, False, False])
    few.loc[3, "gap"] = 80.0
    assert gap_words.gap_headline(few, TEXTS).endswith("Fast vårdkontakt, Trygghet")


def test_a_pooled_gap_says_that_it_is_no_subtraction() -> None:
    row = {"gap": 12, "low": 7, "high": 17, "status": "shown", "distinct": True}
    assert "Räknat enhet för enhet är skillnaden +12" in findings.gap_measure(row | {"kind": "matched"}, TEXTS)
    assert findings.gap_measure(row | {"kind": "unit"}, TEXTS).startswith("Skillnad i procentenheter: +12")
    assert "Avståndet" not in findings.gap_measure(row | {"kind": "matched"}, TEXTS)
    shares = {"kind": "matched", "patient_share": 40.0}
    assert "andelarna är +20" in findings.gap_measure(row | shares | {"provider_share": 60.0}, TEXTS)
    assert "Avståndet" not in findings.gap_measure(row | shares | {"provider_share": 53.0}, TEXTS)


def test_a_gap_of_one_unit_alone_says_which() -> None:
    row = {"gap": 42, "low": 7, "high": 67, "status": "shown", "distinct": True, "kind": "units", "units": 1}
    said = findings.gap_measure(row | {"only": "odensala", "patient_share": 60.0, "provider_share": 70.0}, TEXTS)
    assert said.startswith(f"Bara i {TEXTS.place('odensala')} går det att räkna: +42")
    assert "Avståndet" not in said


POOLED = {"kind": "units", "patient_status": "shown", "provider_status": "shown", "patient_n": 90, "provider_n": 60}
TOLD = POOLED | {"status": "shown", "distinct": False, "gap": 4, "low": -2, "high": 10, "units": 4, "units_excluded": 0}


def test_a_gap_that_is_not_told_says_what_could_have_been() -> None:
    assert "en skillnad på minst 9 procentenheter, i fyra fall av fem" in findings.gap_sentence(
        TOLD | {"detectable": 8.2}, TEXTS
    )
    assert "fyra fall" not in findings.gap_sentence(TOLD | {"distinct": True, "low": 1, "detectable": 8.6}, TEXTS)
    assert "fyra fall" not in findings.gap_sentence(TOLD | {"detectable": float("nan")}, TEXTS)


def test_a_units_gap_has_its_shrunken_estimate_and_two_scales_are_told() -> None:
    unit = TOLD | {"kind": "unit", "shrunk": 2.4, "shrunk_low": -3.0, "shrunk_high": 7.0}
    assert "Vägd samman med de andra enheterna är skillnaden +2" in findings.gap_sentence(unit, TEXTS)
    scales = TOLD | {"partly_yes": 20.2, "partly_no": 4.0}
    assert "delvis som ja är skillnaden +20, räknas det som nej +4" in findings.gap_sentence(scales, TEXTS)


def test_where_the_gap_alone_is_not_shown_nobody_is_said_to_have_answered_too_little() -> None:
    row = POOLED | {"status": "unsure", "distinct": False, "gap": float("nan")}
    assert findings.gap_verdict(row, TEXTS) == "för få enheter eller svar"
    assert "visas inte" in findings.gap_sentence(row, TEXTS)
    few = row | {"status": "hidden", "provider_status": "hidden"}
    assert findings.gap_verdict(few, TEXTS) == "för få svar från vården"
    assert findings.gap_verdict(row | {"kind": "unit"}, TEXTS) == "för osäkert"


@pytest.mark.parametrize(("place", "words"), [("ostersund", "räknas enhet för enhet"), ("odensala", "för osäkert")])
def test_both_sides_answered_and_no_unit_can_stand_in_the_gap(place: str, words: str) -> None:
    """Through the frame to every headline: of a municipality its units are too few, a unit's own gap too unsure."""
    made = [copy.deepcopy(each) for each in editions()[:2]]
    for body in made:
        for row in body["gaps"]:
            if row["place"] == place:
                row["status"] = "hidden"
    table = gap.table(frame.cells(made), frame.gaps(made), place)
    row = frame.records(table)[0]
    over_time = gap_trend.table(frame.cells(made), frame.gaps(made), place)
    question = OF_QUESTION[row["question"]]
    newest = frame.records(frame.gaps(made, place))[-1]
    said = [
        findings.gap_sentence(row, TEXTS),
        gap_words.gap_headline(table, TEXTS),
        gap_trend.headline(over_time, TEXTS),
    ]
    assert all(words in each.lower() for each in said)
    assert ("för få enheter" if place == "ostersund" else "för osäkert") in question.headline_of(newest, TEXTS)


def test_what_is_told_is_decided_by_p_as_it_is_and_not_as_it_is_printed() -> None:
    """Seven p of which the least, 0.04997 when it is adjusted, is printed as 0.05."""
    z = float(norm.isf(0.04997 / 7 / 2))
    body = copy.deepcopy(editions()[0])
    own = [row for row in body["gaps"] if row["place"] == "odensala"]
    for number, row in enumerate(own):
        sure = {"low": 1.0, "high": 19.0, "gap": 10.0, "se": 10 / z}
        row.update({"status": "shown"} | (sure if number == 0 else {"low": -9.0, "high": 9.0, "gap": 0.0, "se": 5.0}))
    first = frame.records(frame.gaps([body], "odensala"))[0]
    assert first["p"] == 0.05 and first["distinct"]
    base = 400.0
    away = 100 * float(norm.isf(0.04997 / 2)) * (0.25 / base) ** 0.5
    bar = {"status": "shown", "share": 50 + away, "low": 50.1, "high": 59.9, "steady_base": base, "noise": 0.0}
    found = distribution.with_majority(pd.DataFrame([bar]))
    assert (found["p"].item(), found["majority"].item()) == (0.05, "more")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.3, 12.2, "+0,3 till +12"),
        (-12.2, -0.04, f"{MINUS}12 till {MINUS}0,1"),
        (-0.26, 8.0, f"{MINUS}0,3 till +8"),
        (0.0, 0.5, "0 till +0,5"),
        (-3.0, 8.4, f"{MINUS}3 till +8"),
    ],
)
def test_an_end_that_decides_is_never_printed_as_zero(low: float, high: float, said: str) -> None:
    assert findings.interval_text(TEXTS, low, high) == said


def test_numbers_in_swedish() -> None:
    assert TEXTS.percent(56) == f"56{NO_BREAK}%"
    assert [TEXTS.points(value) for value in (12, -3, 0, -0.2)] == ["+12", "\u22123", "0", "0"]
    assert format_range(TEXTS, 1250, 1300) == f"1{NO_BREAK}250–1{NO_BREAK}300"
    assert format_range(TEXTS, 15, 15) == "15"
    assert PlainLocalisation({"a": "Våren 2022"}).round_name("a") == "våren 2022"


def test_every_marked_sentence_has_its_english_with_the_same_placeholders(marked: set[str]) -> None:
    assert not marked - set(ENGLISH)
    for swedish, english in ENGLISH.items():
        assert sorted(re.findall(r"%\(\w+\)s", swedish)) == sorted(re.findall(r"%\(\w+\)s", english))
        assert "!" not in swedish


@pytest.mark.parametrize("name", sorted(CHARTS))
@pytest.mark.parametrize("place", ["region", "ostersund", "odensala"])
def test_no_swedish_is_left_in_english(name: str, place: str, marked: set[str]) -> None:
    chart, made, texts = CHARTS[name], editions(), EnglishTexts()
    table = chart.table(frame.cells(made), frame.gaps(made), place)
    said = " ".join([chart.headline(table, texts), chart.subtitle(table, texts), chart.describe(table, texts)])
    assert "%(" not in said
    for swedish in marked:
        for piece in re.split(r"%\(\w+\)s|[:,.()]", swedish):
            words = piece.strip()
            if len(words) > 8 and words.lower() != "fast vårdkontakt":
                assert words not in said
