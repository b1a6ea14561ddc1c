"""The region's background groups as a frame: what the edition has, and a name for every group."""

from analysis.frames import frame, resident_groups
from analysis.frames.resident_groups import GROUPS, OTHER, group_name, groups
from analysis.localisation import PlainLocalisation
from survey.domain.questions import background as domain
from survey.domain.questions.responses import AGES, GENDERS, HELP
from tests.analysis.invented import edition
from tests.followup.editions import body

TEXTS = PlainLocalisation()


def test_every_cell_of_every_round_stands_in_the_frame() -> None:
    made = [body(number) for number in (1, 5)]
    found = frame.records(groups(made))
    assert list(groups(made).columns) == list(GROUPS)
    assert len(found) == sum(len(each["background"]) for each in made)
    for row, cell in zip(found, [cell for each in made for cell in each["background"]], strict=True):
        for name in ("grouping", "group", "question", "status"):
            assert row[name] == cell[name]
        for name in ("n", "share", "low", "high", "noise"):
            assert (row[name] if frame.is_known(row[name]) else None) == cell[name]
        if cell["counts"]:
            assert row["yes_count"] == cell["counts"]["yes"]
            assert row["base"] == cell["counts"]["yes"] + cell["counts"]["not_yes"]
    assert {row["wording"] for row in found if row["question"] == "trygghet"} == {
        each["wordings"]["patient"]["trygghet"] for each in made if each["background"]
    }


def test_a_round_without_groups_has_none() -> None:
    assert groups([edition(0)]).empty


def test_every_group_that_there_can_be_has_a_name() -> None:
    parts = {*AGES, *HELP, *GENDERS}
    assert parts <= set(resident_groups.NAMES)
    assert set(resident_groups.GROUPINGS) >= {*domain.GROUPINGS, "gender", "age"}
    assert group_name("woman:18-34", TEXTS) == "Kvinnor, 18–34 år"
    assert group_name(f"man:{OTHER}", TEXTS) == "Män, annan eller okänd ålder"
    assert group_name("ar", TEXTS, {"ar": "العربية"}) == "العربية"
    assert group_name("so", TEXTS) == "Soomaali" and group_name("no language", TEXTS) == "no language"


def test_a_group_of_another_gender_with_an_age_has_a_name() -> None:
    assert group_name(f"{OTHER}:18-34", TEXTS) == "Annat kön eller inte angivet, 18–34 år"
