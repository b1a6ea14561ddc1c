"""The whole product, residents' part and staff's, with an open round and two published ones. For the fuzzing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from flask import Flask

from survey.app import create_app
from survey.domain.places.place_tree import Place
from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake.issue_codes import make_codes
from survey.sealing.rounds.open_round import open_round
from survey.store.core import health, places, rounds
from survey.store.database.engine import write_transaction
from survey.store.maintenance.migrate import upgrade
from survey.store.staff import accounts
from survey.web.request.services import Services
from survey.web.signin.hashing_budget import HashingBudget
from tests.attacks.crawl import LAST
from tests.attacks.strange_requests import Known
from tests.followup import editions as invented
from tests.followup.staffed import HASH, PEOPLE, StaffBrowser, publish

ROUND, UNIT, PERSON = "now", "froso", "Freja"
OF_UNIT = ("frida@froso.example", "unit", UNIT)


@dataclass(frozen=True)
class Product:
    """The app of the whole product and its instance folder; `person` is who signs in, by address."""

    app: Flask
    folder: Path
    person: str = PEOPLE[PERSON][0]

    @property
    def house(self) -> Services:
        """What the app was made with."""
        found: Services = self.app.extensions["services"]
        return found

    def at_work(self) -> None:
        """Let the worker have been at work just now."""
        health.touch_heartbeat(self.house.volumes.pepper)

    def addresses(self) -> dict[str, list[str]]:
        """Every address, with its parts still open, and the methods it knows; those that sign out last."""
        found: dict[str, set[str]] = {}
        for rule in self.app.url_map.iter_rules():
            found.setdefault(rule.rule, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ordered = sorted(found.items(), key=lambda each: (each[0].endswith(LAST), each[0]))
        return {rule: sorted(methods) for rule, methods in ordered}

    def known(self) -> Known:
        """What fits in the addresses and in the fields; the first of each is what is usual."""
        code = make_codes(self.house.engine, self.house.volumes, UNIT, ROUND, "patient", 1)[0].encode()
        page = self.app.test_client().get(f"/s/{UNIT}").text
        form_id = page.partition('name="form_id" value="')[2].partition('"')[0].encode()
        answers = dict.fromkeys(QUESTIONS, (b"yes", b"not_needed"))
        told = {"gender": (b"woman",), "age": (b"80+",), "language_used": (b"ar",), "help": (b"alone",)}
        marks = {"code": (code, b"", code.lower()), "form_id": (form_id, b""), "at": (b"3",), "lang": (b"", b"ar")}
        staff = {"email": (PEOPLE[PERSON][0].encode(),), "password": (b"guess",), "csrf_token": (b"",)}
        rest = {"find": (UNIT.encode(), b"hus"), "next": (b"/staff/followup/2/jh",), "language": (b"en",)}
        parts = {"unit": (UNIT.encode(), b"FROSO", b"are"), "language": (b"sv", b"ar"), "key": (b"v22", b"now")}
        parts |= {"filename": (b"survey.css",), "number": (b"2",), "node": (b"jh", b"froso"), "name": (b"figures",)}
        parts |= {
            "municipality": (b"ostersund",),
            "version": (b"underlag-2021",),
            "page": (b"sheet",),
            "shown": (b"sv",),
            "text": (b"ingen",),
            "group": (b"questions",),
        }
        parts |= {"kind": (b"json", b"xlsx"), "pack": (b"ingen",), "n": (b"1",)}
        parts |= {
            "chart": (b"gap",),
            "theme": (b"light",),
            "channel": (b"file", b"inbox", b"paper", b"duva"),
            "channel_key": (b"file", b"inbox", b"paper", b"duva"),
        }
        parts |= {
            "role": (b"patient", b"provider"),
            "round_key": (b"v22",),
            "token": (b"gissad",),
            "device": (b"ingen",),
        }
        parts |= {
            "secret": (b"gissad",),
            "person": (b"1",),
            "action": (b"confirm",),
            "how": (b"end",),
            "step": (b"open",),
        }
        unit = {
            "role": (b"patient",),
            "count": (b"1",),
            "languages": (b"sv",),
            "paper": (b"A4",),
            "twice": (b"", b"yes"),
        }
        unit |= {"kind": (b"reminder",), "list": (b"a@b.example",), "improvement": (b"x",), "thoughts": (b"y",)}
        rest |= {"label": (b"phone",), "old": (b"guess",), "new": (b"guess",), "session": (b"00",), "passkey": (b"00",)}
        rest |= {"credential": (b"{}",), "kept_form": (b"",)}
        return Known(parts, {**answers, **told, **marks, **staff, **rest, **unit})

    def entry(self) -> Mapping[str, bytes]:
        """The headers of somebody who has just signed in, with the mark that lets their posts in."""
        browser = StaffBrowser(self.app)
        browser.sign_in(self.person)
        mark, cookie = browser.mark(), browser.client.get_cookie("staff", path="/staff")
        assert cookie is not None
        return {"Cookie": f"staff={cookie.value}".encode(), "X-CSRFToken": mark.encode()}


@contextmanager
def whole_product(folder: Path, database: str = "", plant: Callable[[Flask], None] | None = None) -> Iterator[Product]:
    """Make an instance of it; `plant` may add to the app before it is first used."""
    folder.mkdir()
    lines = [
        f'secret = "{"s" * 40}"',
        "demo = true",
        "open_answers_per_hour = 10000000",
        "open_answers_per_day_and_head = 10000000",
        "session_cookie_secure = false",
        "min_free_mb = 0",
        f'database = "{database}"',
    ]
    (folder / "config.toml").write_text("\n".join(lines), encoding="utf-8")
    app = create_app("all", folder)
    if plant is not None:
        plant(app)
    product = Product(app, folder)
    product.at_work()
    app.extensions["hashing_budget"] = HashingBudget(saved=10**9)  # a slow disk alone must not use it up
    try:
        _fill(product.house)
        yield product
    finally:
        product.house.engine.dispose()


def _fill(house: Services) -> None:
    upgrade(house.engine)
    week, today = timedelta(7), date.today()
    asked = {"version_patient": "underlag-2021", "version_provider": "underlag-2021"}
    with write_transaction(house.engine) as connection:
        places.save_places(connection, [Place(*place[:5]) for place in invented.PLACES])
        for email, role, place in (PEOPLE[PERSON], PEOPLE["Sven"], OF_UNIT):
            accounts.add_account(connection, email, HASH, role, place)
        for number in (1, 2):
            publish(connection, number)
        rounds.add_round(connection, Round(ROUND, "nu", today - week, today + week, 1, **asked, open_link=True))
    open_round(house.engine, house.settings, ROUND)
