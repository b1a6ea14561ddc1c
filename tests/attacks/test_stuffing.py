"""Somebody fills a unit's result through its open link: it is held to so many an hour, and nobody's address is kept.

Sent from one address and from a thousand. Answers with a code and those of the unit's kiosk go through all the while,
and the coordinator can see that the link was held. The control is the same survey without a brake.
"""

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.intake import kiosk_tokens
from survey.store.answers import batches
from survey.store.channels import kiosks
from survey.store.database.engine import read_transaction, write_transaction
from tests.attacks.full import Shown, sized
from tests.attacks.running import ANSWERS, ROUND, SHEET, UNIT, Client, Instance, Web, client, instance, serving

pytestmark = pytest.mark.xdist_group("web")
POSTS, CODES, AN_HOUR, WORKERS = sized(240, 10_000), 20, 30, 2
FROM = {"one address": 1, "a thousand addresses": 1_000}


class From(Client):
    """A sender at an address of its own on loopback."""

    def __init__(self, port: int, number: int) -> None:
        here = f"127.1.{number // 250}.{1 + number % 250}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(here, 0))


def stuffed(web: Web, addresses: int, posts: int) -> Counter[int]:
    """Send so many sheets by the open link, in turn from so many addresses; how often each status came."""

    def send(number: int) -> list[int]:
        sender = From(web.port, number)
        try:
            sheets = range(number, posts, max(addresses, 4))
            return [sender.post(SHEET, {**ANSWERS, "form_id": sender.form_id()}).status for _ in sheets]
        finally:
            sender.close()

    with ThreadPoolExecutor(8) as pool:
        found = pool.map(send, range(max(addresses, 4)) if addresses > 1 else [0, 0, 0, 0])
    return Counter(status for each in found for status in each)


def with_limit(made: Instance, most: int) -> None:
    """Let a unit take so many by open link in an hour."""
    config = made.folder / "config.toml"
    text = config.read_text(encoding="utf-8").replace(
        "open_answers_per_hour = 10000000", f"open_answers_per_hour = {most}"
    )
    assert f"= {most}" in text
    config.write_text(text, encoding="utf-8")


def kiosk_of(made: Instance, web: Client) -> str:
    """The address of a device that the unit has just paired."""
    code = "ABCD2345"
    with write_transaction(made.engine) as connection:
        pairing = kiosk_tokens.hash_token(
            made.settings.resident_key("devices").hex(), kiosk_tokens.normalise_pairing_code(code)
        )
        kiosks.add(connection, "attacked", UNIT, "Väntrummet", pairing=pairing, until="9999-12-31 00:00")
    return web.post("/kiosk", {"code": code}).header("location").removesuffix("/paired")


def came_in(made: Instance) -> dict[str, tuple[int, int]]:
    """How many answers the unit has, by collection mode, and how often its link was held."""
    with read_transaction(made.engine) as connection:
        found = batches.batches(connection, ROUND)
    return {
        each.collection_mode: (each.accepted, each.throttled)
        for each in found
        if (each.place, each.role) == (UNIT, "patient")
    }


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("senders", list(FROM))
def test_an_open_link_is_held_and_codes_are_not(
    senders: str, kind: str, request: pytest.FixtureRequest, tmp_path: Path, shown: Shown
) -> None:
    database = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    with instance(tmp_path / "instance", database) as made:
        with_limit(made, AN_HOUR)
        with serving(made) as web, client(web) as honest:
            statuses = stuffed(web, FROM[senders], POSTS)
            device = kiosk_of(made, honest)
            standing = {**ANSWERS, "form_id": honest.form_id(f"{device}/sv")}
            at_kiosk = honest.post(f"{device}/sv", standing).status
            form_id = honest.form_id()
            thanked = [
                honest.post(SHEET, {**ANSWERS, "form_id": form_id, "code": code}).status for code in made.codes(CODES)
            ]
        found = came_in(made)
        kept = b"".join(path.read_bytes() for path in islice(tmp_path.rglob("*"), 10_000) if path.is_file())
        shown("stuffing", f"{POSTS} sheets from {senders}, {kind}",
              f"{found['open'][0] - 1} let in an hour by {WORKERS} processes that let {AN_HOUR} in each; "
              f"{statuses[429]} asked to wait; {thanked.count(303)} of {CODES} with a code thanked, "
              "and the kiosk", n=POSTS)  # fmt: skip
        # The hour may turn once while they send.
        assert AN_HOUR <= found["open"][0] - 1 <= 2 * AN_HOUR * WORKERS and set(statuses) == {303, 429}
        assert at_kiosk == 303
        assert thanked == [303] * CODES and found["invited"] == (CODES, 0) and found["open"][1] >= 1
        assert b"127.1." not in kept and all(line.ok for line in reconcile(made.engine))


def test_control_without_a_brake_all_of_them_come_in(tmp_path: Path, shown: Shown) -> None:
    posts = sized(80, 400)
    with instance(tmp_path / "instance") as made, serving(made) as web:
        stuffed(web, 1, posts)
        found = came_in(made)["open"]
    shown("stuffing", "the same without a brake", f"{found[0]} let in", n=posts, control=True)
    assert found[0] > 2 * AN_HOUR
