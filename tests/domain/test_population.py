"""The population by gender and age from a file: SCB's own table as it is, or bands; every fault by its code."""

from datetime import date

import pytest

from survey.domain.records.population import AGES, read_population
from survey.domain.text.fault import Fault

TODAY = date(2026, 3, 1)
BANDS = [f"{gender};{age};{n}" for gender in ("Kvinnor", "Män") for n, age in enumerate(AGES, start=100)]


def scb(change: dict[str, str] | None = None) -> str:
    """SCB's table as it saves it: a year of age a row, with its own header and totals."""
    rows = ['"region","ålder","kön","Folkmängd 2025"']
    for age in [*range(100), 100]:
        name = "100+ år" if age == 100 else f"{age} år"
        rows += [f'"23 Jämtlands län","{name}","{gender}",{10 + age}' for gender in ("män", "kvinnor")]
    text = "\r\n".join([*rows, '"23 Jämtlands län","totalt ålder","män",5000'])
    for old, new in (change or {}).items():
        text = text.replace(old, new)
    return text


def test_scb_s_own_table_becomes_the_survey_s_ages() -> None:
    found, faults = read_population(scb(), TODAY)
    assert faults == []
    assert {(each.gender, each.age): each.people for each in found} == {
        (gender, age): sum(10 + year for year in range(low, high + 1))
        for gender in ("woman", "man")
        for age, low, high in (
            *(("0-17", 0, 17), ("18-34", 18, 34), ("35-49", 35, 49)),
            *(("50-64", 50, 64), ("65-79", 65, 79), ("80+", 80, 100)),
        )
    }


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_bands_are_read_as_people_write_them(sign: str) -> None:
    text = "\n".join(["Kön;Ålder;Antal", *BANDS, "Totalt;Totalt;1206", ";;"]).replace(";", sign)
    text = text.replace("Kvinnor", "kvinna").replace("80+", "80 år eller äldre").replace("0-17", "0–17 år")
    found, faults = read_population("\ufeff" + text, TODAY)
    assert faults == [] and [each.people for each in found] == [*range(100, 106)] * 2
    assert found[1].label == "Kvinnor, 18–34 år"


def test_thousands_may_have_a_space() -> None:
    text = "\n".join(["kön;ålder;antal", *BANDS]).replace(";100", ";12 100").replace(";105", ";1\u00a0105")
    found, faults = read_population(text, TODAY)
    assert faults == [] and found[0].people == 12_100 and found[5].people == 1_105


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Kvinnor;18-34;101", "Flickor;18-34;101", Fault("bad_gender", gender_written="flickor")),
        ("Kvinnor;18-34;101", "Kvinnor;unga;101", Fault("bad_age", age="unga")),
        ("Kvinnor;18-34;101", "Kvinnor;15-19;101", Fault("age_in_several_bands", age="15-19", age_bands=tuple(AGES))),
        ("Kvinnor;18-34;101", "Kvinnor;18-34;-5", Fault("bad_count", count="-5")),
        ("Kvinnor;18-34;101", "Kvinnor;18-34;ca 100", Fault("bad_count", count="ca 100")),
        ("Kvinnor;18-34;101", "Kvinnor;18-34;999999999", Fault("bad_count", count="999999999")),
        ("Kvinnor;18-34;101", "Kvinnor;18-34;101\nKvinnor;20;5", Fault("age_twice", line=3)),
        ("Kvinnor;18-34;101", "", Fault("band_missing", gender="woman", age_band="18-34")),
        ("Kvinnor;18-34;101", "Kvinnor;18-33;101", Fault("band_missing", gender="woman", age_band="18-34")),
        ("Män;80+;105", "Män;80-99;105", Fault("band_missing", gender="man", age_band="80+")),
        ("kön;ålder;antal", "kön;ålder", Fault("column_missing", column="antal")),
        ("kön;ålder;antal", "kön;ålder;antal;vikt", Fault("column_unknown", column="vikt")),
    ],
)
def test_each_fault_is_named_and_nothing_is_kept(old: str, new: str, fault: Fault) -> None:
    text = "\n".join(["kön;ålder;antal", *BANDS])
    assert old in text
    found, faults = read_population(text.replace(old, new, 1), TODAY)
    assert found == [] and fault in [each.fault for each in faults], faults


def test_two_regions_or_years_are_not_added() -> None:
    found, faults = read_population(
        scb({'"23 Jämtlands län","42 år","män"': '"22 Västernorrland","42 år","män"'}), TODAY
    )
    assert found == [] and faults == [((), Fault("several_values", column="region"))]
