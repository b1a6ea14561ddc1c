"""What stands in the audit log of a house, for tests."""

import json
from typing import Any

from survey.store.database.engine import read_transaction
from survey.store.staff import audit_log
from survey.web.request.services import Services


def logged(house: Services) -> list[dict[str, Any]]:
    """Every line, read, the oldest first."""
    with read_transaction(house.engine) as connection:
        return [json.loads(line) for line in audit_log.lines(connection)]


def told(house: Services) -> list[tuple[str, str]]:
    """Who did what."""
    return [(line["who"], line["what"]) for line in logged(house)]
