"""Wapiti and sqlmap against the running product, both parts, on loopback: nothing worse than low, nothing injectable.

Also the policies of both parts, read by Wapiti's rules. Run by `make attack` alone, which installs the scanners. The
control of each: a web with the usual holes.
"""

from pathlib import Path

import pytest

from tests.attacks.full import Shown, sized
from tests.attacks.running import OURS, SHEET, UNIT, client, instance, running, serving
from tests.attacks.scanners.tools import POLICY, Scanned, sqlmap, wapiti
from tests.attacks.test_scan import STARTS, signed_in, staff_side

pytestmark = pytest.mark.xdist_group("web")
HOLES = "tests.attacks.holes:app"
SECONDS = sized(20, 45)
WORSE = ("medium", "high", "critical")
STAFF_STARTS = ("/staff/followup/", "/staff/sign-in")


def told(found: Scanned) -> str:
    """What Wapiti found, in a line."""
    low = sorted({each.kind for each in found.of("low")})
    named = f"; low: {', '.join(low)}" if low else ""
    return f"{len(found.of('high', 'critical'))} high, {len(found.of('medium'))} medium, {len(low)} low{named}"


def policy_faults(found: Scanned) -> int:
    """What is said against the policy, at whatever level."""
    return sum(each.kind == POLICY for each in found.findings)


def test_wapiti_finds_nothing_on_the_answer_side(tmp_path: Path, shown: Shown) -> None:
    with instance(tmp_path / "instance") as made, serving(made) as web:
        found = wapiti(tmp_path, f"http://127.0.0.1:{web.port}", STARTS, SECONDS)
    shown("scan", "Wapiti on the answer side", told(found), n=f"{found.pages} pages")
    shown("scan", "its policy, by Wapiti's rules", f"{policy_faults(found)} faults", n=1)
    assert found.of(*WORSE) == [] and policy_faults(found) == 0
    assert found.pages >= len(STARTS)


def test_wapiti_finds_nothing_on_the_staff_side(tmp_path: Path, shown: Shown) -> None:
    with staff_side(tmp_path / "staff") as web:
        base = f"http://127.0.0.1:{web.port}"
        with client(web) as person:
            cookie = "; ".join(f"{name}={value}" for name, value in signed_in(person, 10).cookies.items())
        found = wapiti(tmp_path, base, STAFF_STARTS, SECONDS, cookie, "/staff/sign-out")
    shown("scan", "Wapiti on the staff side, signed in", told(found), n=f"{found.pages} pages")
    shown("scan", "its policy, by Wapiti's rules", f"{policy_faults(found)} faults", n=1)
    assert found.of(*WORSE) == [] and policy_faults(found) == 0
    assert found.pages >= 5


def test_control_wapiti_finds_the_usual_holes(tmp_path: Path, shown: Shown) -> None:
    with running(tmp_path, {}, HOLES, workers=1) as web:
        found = wapiti(tmp_path, f"http://127.0.0.1:{web.port}", ("/",), SECONDS)
    shown("scan", "Wapiti on the usual holes", told(found), n=f"{found.pages} pages", control=True)
    shown("scan", "a policy with unsafe-inline", f"{policy_faults(found)} faults", n=1, control=True)
    assert {"Reflected Cross Site Scripting", "Internal Server Error"} <= {each.kind for each in found.of(*WORSE)}
    assert policy_faults(found) >= 1


def test_no_field_lets_sql_in(tmp_path: Path, shown: Shown) -> None:
    tried, held = 0, []
    with instance(tmp_path / "instance") as made, serving(made) as web, client(web) as person:
        base = f"http://127.0.0.1:{web.port}"
        for path, fields in (
            ("/", {"find": "froso"}),
            (f"{SHEET}/sv", {**person.get(SHEET).fields(), "trygghet": "yes", "gender": "man", "help": "alone"}),
            (f"/p/{UNIT}/sv", {**person.get(f"/p/{UNIT}").fields(), "trygghet": "yes"}),
            ("/s/froso*", {}),
            ("/s/froso/sv*", {}),
            ("/?language=sv*", {}),
        ):
            number, injectable = sqlmap(tmp_path, base + path, fields, OURS)
            tried += number
            held += [path] if injectable else []
    shown("scan", "sqlmap on each field and address of the answer side", f"{len(held)} injectable", n=tried)
    assert held == [] and tried >= 4 + len(fields)


def test_the_staff_side_lets_no_sql_in(tmp_path: Path, shown: Shown) -> None:
    tried, held = 0, []
    with staff_side(tmp_path / "staff") as web, client(web) as person:
        base = f"http://127.0.0.1:{web.port}"
        fresh = {"csrf_token": "csrf_token", "csrf_url": f"{base}/staff/sign-in"}
        wrong = {"email": "a@b.example", "password": "wrong", "next": "/staff/", "csrf_token": "fresh"}
        cookies = signed_in(person, 10).cookies
        inside = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        for path, fields, headers, mark in (
            ("/staff/sign-in", wrong, OURS, fresh),
            ("/staff/followup/1*/jh", {}, inside, {}),
            ("/staff/followup/1/jh*", {}, inside, {}),
            ("/staff/followup/1/jh/figures*.csv", {}, inside, {}),
        ):
            number, injectable = sqlmap(tmp_path, base + path, fields, headers, **mark)
            tried += number
            held += [path] if injectable else []
    shown("scan", "sqlmap on the sign-in and the follow-up's addresses", f"{len(held)} injectable", n=tried)
    assert held == [] and tried >= 6


def test_control_sqlmap_finds_the_field_that_lets_it_in(tmp_path: Path, shown: Shown) -> None:
    with running(tmp_path, {}, HOLES, workers=1) as web:
        tried, injectable = sqlmap(tmp_path, f"http://127.0.0.1:{web.port}/search", {"word": "froso"})
    shown("scan", "sqlmap on a search that joins texts", f"{int(injectable)} injectable", n=tried, control=True)
    assert injectable
