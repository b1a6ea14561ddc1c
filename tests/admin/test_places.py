"""One place in the office: renamed, ended, merged, and refused where the tree would break."""

import threading
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from survey.domain.places.place_tree import Place, PlaceTree
from survey.store.core import places, rounds
from survey.store.database.engine import write_transaction
from tests.admin.conftest import enter, kept_places
from tests.answering import OTHER_UNIT, REGION, UNIT, Answering
from tests.factories import make_round
from tests.followup.staffed import StaffBrowser
from tests.web.logged import logged

HOME = "/staff/admin/places/"
HERE, THERE = HOME + UNIT, HOME + OTHER_UNIT
NAMED = {"name": "Frösö hälsocentral", "huvudman": REGION, "hsa_id": ""}


def test_the_tree_is_a_list(siv: StaffBrowser) -> None:
    page = siv.get(HOME)
    assert {HERE, THERE, HOME + "ostersund", HOME + "jamtland-harjedalen"} <= {a.get("href") for a in page.all("a")}


def test_a_place_is_renamed(made: Answering, siv: StaffBrowser) -> None:
    named = {"name": "  Frösö   vårdcentral ", "huvudman": "Nya vården AB", "hsa_id": "SE2321000214-A1"}
    kept = siv.post(HERE, named).response.location
    assert "sparad" in siv.get(kept).words("main")
    found = kept_places(made)[UNIT]
    assert (found.name, found.huvudman, found.hsa_id) == ("Frösö vårdcentral", "Nya vården AB", "SE2321000214-A1")
    assert (found.parent, found.level, found.valid_to) == ("ostersund", "unit", None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Namnet saknas"),
        ({"name": "n" * 121}, "högst 120 tecken"),
        ({"huvudman": "h" * 121}, "högst 120 tecken"),
        ({"name": "Fr\0sö"}, "inte går att läsa"),
        ({"huvudman": "h\x07"}, "inte går att läsa"),
        ({"hsa_id": "Å1"}, "HSA-id"),
        ({"hsa_id": "SE2321000214-B1"}, "finns på flera platser"),
    ],
)
def test_a_faulty_name_is_refused_with_what_was_typed(change: dict[str, str], said: str, on_both: Answering) -> None:
    siv = enter(on_both)
    siv.post(THERE, {**NAMED, "name": "Stugun", "hsa_id": "SE2321000214-B1"})
    before = kept_places(on_both)
    page = siv.post(HERE, {**NAMED, **change}, 422)
    written = [field.get("value") for field in page.all("input")]
    assert said in page.words("main")
    assert all(value.replace("\0", "\ufffd").replace("\x07", "\ufffd") in written for value in change.values())
    assert kept_places(on_both) == before


def test_a_name_is_no_markup(siv: StaffBrowser) -> None:
    siv.post(HERE, {**NAMED, "name": "<script>alert(1)</script>"})
    assert "<script>alert" not in siv.get(HOME).text + siv.get(HERE).text


def test_a_unit_ends_and_nobody_makes_codes_for_it(made: Answering, siv: StaffBrowser) -> None:
    siv.get(f"{HERE}/end")
    siv.post(f"{HERE}/end", {"last_day": "2026-09-14"})
    assert kept_places(made)[UNIT].valid_to == date(2026, 9, 14)
    said = siv.get(HOME).words("main")
    assert "Avslutade" in said and "till 14 september 2026" in said
    enter(made, "Frida").post(f"/staff/unit/{UNIT}/links/slips", {"count": "5", "languages": "sv"}, 410)


def test_a_unit_goes_up_in_another_and_keeps_its_history(made: Answering, siv: StaffBrowser) -> None:
    siv.get(f"{HERE}/merge")
    merged = {"last_day": "2026-09-30", "into": OTHER_UNIT}
    for _ in range(2):
        siv.post(f"{HERE}/merge", merged)
    found = kept_places(made)[UNIT]
    assert (found.valid_to, found.merged_into, found.name) == (date(2026, 9, 30), OTHER_UNIT, "Frösö hälsocentral")
    assert "Uppgår i Stuguns hälsocentral" in siv.get(HERE).words("main")
    assert f"/staff/unit/{UNIT}" in [a.get("href") for a in enter(made, "Stig").get("/staff/unit/").all("a")]


def test_a_last_day_is_not_written_over_but_may_be_taken_back(made: Answering, siv: StaffBrowser) -> None:
    siv.post(f"{HERE}/merge", {"last_day": "2026-09-30", "into": OTHER_UNIT})
    before = kept_places(made)
    assert "redan en sista dag" in siv.post(f"{HERE}/end", {"last_day": "2026-10-30"}, 409).words("main")
    assert kept_places(made) == before
    siv.get(f"{HERE}/resume")
    siv.post(f"{HERE}/resume", {})
    assert (kept_places(made)[UNIT].valid_to, kept_places(made)[UNIT].merged_into) == (None, None)


@pytest.mark.parametrize(
    ("how", "posted", "said"),
    [
        ("end", {"last_day": ""}, "Välj en dag"),
        ("end", {"last_day": "i morgon"}, "Välj en dag"),
        ("end", {"last_day": "9999-12-31"}, "Välj en dag"),
        ("end", {"last_day": "2026-\0"}, "Välj en dag"),
        ("merge", {"last_day": "2026-09-30"}, "Välj platsen"),
        ("merge", {"last_day": "2026-09-30", "into": UNIT}, "Välj platsen"),
        ("merge", {"last_day": "2026-09-30", "into": "ostersund"}, "Välj platsen"),
        ("merge", {"last_day": "2026-09-30", "into": "a\0b"}, "Välj platsen"),
        ("merge", {"last_day": "", "into": OTHER_UNIT}, "Välj en dag"),
    ],
)
def test_a_faulty_end_is_refused(
    how: str, posted: dict[str, str], said: str, made: Answering, siv: StaffBrowser
) -> None:
    before = kept_places(made)
    assert said in siv.post(f"{HERE}/{how}", posted, 422).words("main")
    assert kept_places(made) == before


def test_a_place_does_not_end_before_it_begins(made: Answering, siv: StaffBrowser) -> None:
    with write_transaction(made.house.engine) as connection:
        places.save_places(connection, [Place("ny", "Ny", "unit", "ostersund", valid_from=date(2026, 8, 1))])
    assert "slutar innan den börjar" in siv.post(HOME + "ny/end", {"last_day": "2026-07-01"}, 422).words("main")


def test_a_municipality_does_not_end_before_its_units(made: Answering, siv: StaffBrowser) -> None:
    before = kept_places(made)
    said = siv.post(HOME + "ostersund/end", {"last_day": "2026-09-30"}, 422).words("main")
    assert "Frösö hälsocentral: platsen finns under en tid då ”ostersund” inte finns" in said
    assert kept_places(made) == before


def test_two_do_not_go_up_in_each_other(made: Answering, siv: StaffBrowser) -> None:
    siv.post(f"{HERE}/merge", {"last_day": "2026-09-30", "into": OTHER_UNIT})
    siv.post(f"{THERE}/merge", {"last_day": "2026-09-30", "into": UNIT}, 422)
    assert kept_places(made)[OTHER_UNIT].merged_into is None


def test_two_who_merge_at_once_take_turns(on_both: Answering) -> None:
    """Each into the other: one is kept, and the tree stays a tree."""
    browsers = [enter(on_both) for _ in range(2)]
    marks = [browser.mark() for browser in browsers]
    for here, there in [(UNIT, OTHER_UNIT)] * 5:
        start, replies = threading.Barrier(2), []

        def merge(who: int, key: str, into: str, start: threading.Barrier = start, told: list[int] = replies) -> None:
            fields = {"csrf_token": marks[who], "last_day": "2026-09-30", "into": into}
            fields |= browsers[who].filled_from(f"{HOME}{key}/merge")
            start.wait()
            told.append(browsers[who].client.post(f"{HOME}{key}/merge", data=fields).status_code)

        threads = [threading.Thread(target=merge, args=each) for each in ((0, here, there), (1, there, here))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(replies) == [302, 422]
        PlaceTree(kept_places(on_both).values())
        ended = next(key for key, place in kept_places(on_both).items() if place.valid_to)
        browsers[0].post(f"{HOME}{ended}/resume", {})


@pytest.mark.parametrize(
    "address", ["ingen", "ingen/end", "a%00b", "jamtland-harjedalen/end", "jamtland-harjedalen/merge", f"{UNIT}/erase"]
)
def test_what_is_not_there(address: str, siv: StaffBrowser) -> None:
    siv.get(HOME + address, 404)
    siv.post(HOME + address, {"last_day": "2026-09-30", "into": OTHER_UNIT}, 404)


def test_renaming_the_region_renames_every_header(made: Answering, siv: StaffBrowser) -> None:
    siv.post(HOME + "jamtland-harjedalen", {"name": "Region Mitt", "huvudman": "", "hsa_id": ""})
    assert "Region Mitt" in siv.get(HOME).words("header")
    sheet = made.app.test_client().get(f"/s/{UNIT}").text
    assert "Region Mitt" in sheet and REGION not in sheet.replace("Regionens", "")


def test_a_name_that_another_unit_has_is_refused(made: Answering, siv: StaffBrowser) -> None:
    said = siv.post(HERE, {**NAMED, "name": " stuguns  HÄLSOCENTRAL"}, 422).words("main")
    assert "Det finns redan en enhet som heter ”Stuguns hälsocentral”" in said
    head = "nyckel;namn;nivå;hör_till;huvudman;hsa_id\n"
    row = f"ny;Frösö  Hälsocentral;enhet;ostersund;{REGION};\n"
    page = siv.client.post(
        "/staff/admin/import-places",
        data={"csrf_token": siv.mark(), "file": (BytesIO((head + row).encode()), "p.csv")},
    )
    assert page.status_code == 422 and "heter ”Frösö hälsocentral”" in page.text
    assert "ny" not in kept_places(made)


def test_a_place_does_not_end_before_a_round_that_is_published(made: Answering, siv: StaffBrowser) -> None:
    with write_transaction(made.house.engine) as connection:
        past = {"opens": date(2025, 9, 1), "closes": date(2025, 10, 1), "name": "Hösten 2025", "state": "published"}
        rounds.add_round(connection, make_round("2025-host", **past))
    said = siv.post(f"{HERE}/end", {"last_day": "2025-09-30"}, 422).words("main")
    assert "Frösö hälsocentral var med i Hösten 2025, som slutade 2025-10-01" in said
    assert kept_places(made)[UNIT].valid_to is None
    siv.post(f"{HERE}/end", {"last_day": "2025-10-01"})


def test_the_log_says_from_what_to_what_also_when_a_file_changes_it(
    made: Answering, siv: StaffBrowser, tmp_path: Path
) -> None:
    siv.post(f"/staff/admin/places/{UNIT}", siv.get(f"/staff/admin/places/{UNIT}").fields() | {"name": "Nya Frösö"})
    file = tmp_path / "platser.csv"
    head = "nyckel,namn,nivå,hör_till,huvudman,hsa_id,personal"
    file.write_text(
        f"{head}\n{UNIT},Frösö igen,enhet,ostersund,Region Jämtland Härjedalen,,2000\n", encoding="mac_roman"
    )
    with made.app.app_context():
        result = made.app.test_cli_runner().invoke(args=["places", "import", str(file)])
    assert result.exit_code == 0, result.output
    said = [line["about"] for line in logged(made.house) if line["what"] == "place_changed"]
    assert said == [
        {"place": UNIT, "change": "change", "from_to": "namn: Frösö hälsocentral → Nya Frösö"},
        {"place": UNIT, "change": "file", "from_to": "namn: Nya Frösö → Frösö igen"},
    ]
