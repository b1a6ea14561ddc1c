"""What still waits to be sent when its time is over is deleted unread, and counted as not delivered."""

from sqlalchemy import Connection

from survey.store import handouts, outgoing


def give_up(connection: Connection, round_key: str) -> int:
    """Delete a round's waiting messages; how many there were."""
    for (unit, role, way), n in outgoing.left(connection, round_key).items():
        handouts.refuse(connection, n, unit=unit, round=round_key, role=role, way=way)
    return outgoing.forget(connection, round_key)
