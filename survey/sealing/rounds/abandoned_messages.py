"""What still waits to be sent when its time is over is deleted unread, and counted as not delivered."""

from sqlalchemy import Connection

from survey.store.distribution import issued_codes, outbox


def give_up(connection: Connection, round_key: str) -> int:
    """Delete a round's waiting messages; how many there were."""
    for (unit, role, way), n in outbox.left(connection, round_key).items():
        issued_codes.refuse(connection, n, unit=unit, round=round_key, role=role, way=way)
    return outbox.forget(connection, round_key)
