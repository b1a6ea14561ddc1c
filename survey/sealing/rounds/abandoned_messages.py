"""The end of messages still waiting when their time is over: deleted unread, counted as not delivered."""

from sqlalchemy import Connection

from survey.store.channels import issued_codes, outbox


def abandon_messages(connection: Connection, round_key: str) -> int:
    """Delete a round's waiting messages; return their number."""
    for (unit, role, channel), n in outbox.count_of_round(connection, round_key).items():
        issued_codes.refuse(connection, n, unit=unit, round=round_key, role=role, channel=channel)
    return outbox.delete_of_round(connection, round_key)
