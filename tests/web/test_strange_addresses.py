"""What no database of text can hold may stand in any address: it is not found, and nothing goes wrong."""

from pathlib import Path

import pytest
from werkzeug.routing import Rule

from tests.followup.staffed import PEOPLE, StaffBrowser, furnish_instance

STRANGE = ("%00", "a%00b", "%F0%9F%92%A9", "%ED%A0%80", "x" * 300)


def filled(rule: Rule, what: str) -> str:
    """The rule as an address, with this in the place of each text."""
    parts = []
    for is_dynamic, data in rule._trace:
        if not is_dynamic:
            parts.append(data)
        elif data in rule.arguments:
            converter = type(rule._converters[data]).__name__
            first = {"IntegerConverter": "1", "AnyConverter": ""}.get(converter, what)
            parts.append(first or sorted(rule._converters[data].items)[0])
    return "/" + "".join(parts).split("|", 1)[-1].lstrip("/")


@pytest.mark.parametrize("name", ["", "Freja", "Sven", "Brita"])
def test_no_address_is_too_strange(name: str, tmp_path: Path, postgres_url: str) -> None:
    browser = StaffBrowser(furnish_instance(tmp_path / "instance", last=1, config=f'database = "{postgres_url}"\n'))
    if name:
        browser.sign_in(PEOPLE[name][0])
    mark, app = browser.mark(), browser.client.application
    tried, wrong = 0, []
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            continue
        for what in STRANGE:
            for method in rule.methods & {"GET", "POST"}:
                reply = browser.client.open(filled(rule, what), method=method, data={"csrf_token": mark})
                tried += 1
                if reply.status_code >= 500:
                    wrong.append((rule.rule, method, what[:9]))
    assert tried > 300 and wrong == []
