"""The columns that the schema may have, table by table, and the words that no column may have: for its guard."""

# Of an answer, this and no more.
ANSWERED = {
    "access_code": {"code_hash", "unit", "round", "role", "spent"},
    "issued_codes": {"unit", "round", "role", "channel", "n", "refused", "stopped", "paused"},
    # The minutes are of sending alone, of a message that has not been taken, and go with it.
    "outbox_message": {
        *("id", "unit", "round", "role", "channel", "sealed"),
        *("attempts", "refusals", "not_before", "claimed_until"),
    },
    # Of a server, not of a message.
    "halted_transport": {*("channel", "fault", "reply"), *("attempts", "not_before", "began")},
    "outbox_key": {"round", "public_key"},
    "progress": {"round", "unit", "tens", "taken"},
    "closing_progress": {"round", "tenths"},
    "batch": {
        *("id", "place", "round", "role", "collection_mode", "public_key", "state"),
        *("accepted", "duplicates", "counted", "pooled", "destroyed", "throttled"),
    },
    "envelope": {"id", "batch", "sealed"},
    "used_form_id": {"form_id_hash", "round"},
    # How many, and never what; and what, with noise: a row of every place and question, whatever was answered.
    "answer_count": {"place", "round", "role", "collection_mode", "n"},
    "tally": {
        *("place", "round", "part", "role", "question", "yes", "not_yes", "non_substantive"),
        *("partly", "no", "dont_know", "not_needed"),
    },
    "matched_tally": {"place", "round", "role", "question", "yes", "not_yes", "heaviest"},
    "background_tally": {"round", "grouping", "group", "question", "n", "yes", "not_yes", "non_substantive"},
}
# The tables that one of answers may refer to.
REFERRED = {
    "progress": {"place", "round"},
    "closing_progress": {"round"},
    "issued_codes": {"place", "round"},
    "outbox_message": {"place", "round"},
    "outbox_key": {"round"},
    "halted_transport": set(),
    "access_code": {"place", "round"},
    "batch": {"place", "round"},
    "envelope": {"batch"},
    "used_form_id": {"round"},
    "answer_count": {"place", "round"},
    "tally": {"place", "round"},
    "matched_tally": {"place", "round"},
    "background_tally": {"round"},
}
# Figures with noise, of many persons together: as wide as is named above, and not a column wider.
FIGURES = {"tally", "matched_tally", "background_tally"}

# Records of the follow-up group: days that it writes itself, of its meetings and of others' measurements.
_RECORDS = ("activity", "decision", "event", "target", "measurement", "population")
STAFF_AND_PUBLICATION = {
    *("place", "round", "edition", "drawing", "account", "health", "kiosk", "reflection", "preview"),
    *("staff_session", "authenticator", "recovery_code", "passkey", "identity"),
    *_RECORDS,
    *("audit_line", "staff_invitation", "proposal", "region_text", "unit_group", "unit_group_member"),
    *("pack", "pack_comment", "pack_decision", "resident_message", "resident_message_translation"),
    *("source", "gathered_edition", "withdrawn_edition"),  # published figures alone, and whose they are
    *("password_reset", "text_approval", "proposed_wording"),  # the last two are translators' own: texts of ours
    "worker_lease",  # never has a row: it is locked
    "offered_language",  # what all could choose when a round was opened
}

DAYS = {
    *("place.valid_from", "place.valid_to", "round.opens", "round.closes", "edition.published"),
    *("staff_invitation.expires_on", "password_reset.expires_on", "password_reset.made_on", "proposal.expires_on"),
    *("source.gathered_on", "gathered_edition.gathered_on", "withdrawn_edition.withdrawn_on"),
    *("pack.frozen_on", "pack_decision.due_on", "unit_group.since", "unit_group.ended_on"),
    "progress.taken",  # the same for all units: the day on which all figures were taken
    *(f"{table}.{day}" for table in _RECORDS for day in ("saved_on", "ended_on")),
    *("decision.decided_on", "decision.due_on", "event.day", "measurement.day"),
    *("target.valid_from", "target.valid_to", "text_approval.approved_on", "proposed_wording.proposed_on"),
}
ALLOWED = {
    *("account.email", "account.password", "edition.number", "account.id", "round.open_link"),
    # Of staff alone: the log of their deeds, who is invited, their sign-in, a new link for who has lost the way in.
    *("audit_line.number", "staff_invitation.email", "staff_session.token_hash", "staff_session.last_used"),
    *("staff_session.authenticated_at", "authenticator.last_time_step", "passkey.last_challenge_at"),
    *(f"{table}.account" for table in ("staff_session", "authenticator", "recovery_code", "passkey", "identity")),
    "password_reset.account",
    "pack.number",  # of a meeting's papers
    *("gathered_edition.number", "withdrawn_edition.number", "source.serial"),  # of editions and their listing
    *("kiosk.name", "kiosk.token_hash", "kiosk.last_contact_hour"),  # of a device, never of who stands there
    *("unit_group.name", "unit_group.version", "unit_group_member.version", "target.name"),
    # Of translators alone: who has approved which of our own texts, and in which version.
    *("text_approval.account", "proposed_wording.account", "proposed_wording.version"),
}
NAMES_OF_THINGS = {
    *("place.name", "round.name", "health.name", "region_text.name", "source.name", "worker_lease.name"),
    *("round.version_patient", "round.threshold_patient"),
}

# Words that lead to a person: an address, a device, a time, an order, a link.
TELLING = {
    *("ip", "ipv4", "ipv6", "addr", "address", "host", "agent", "useragent", "browser", "device", "fingerprint"),
    *("referrer", "referer", "origin", "link", "url", "uri", "token", "session", "cookie"),
    *("time", "timestamp", "date", "day", "hour", "minute", "clock", "at", "when", "created", "updated", "seen"),
    *("last", "first", "since", "arrived", "submitted", "sent", "answered", "visited"),
    *("sequence", "seq", "serial", "number", "nr", "no", "order", "position", "counter", "row", "rowid", "index"),
    *(
        "visitor",
        "respondent",
        "person",
        "account",
        "patient",
        "user",
        "answer",
        "response",
        "form",
        "name",
        "personnummer",
    ),
    *("email", "mail", "phone", "mobile", "latitude", "longitude", "location"),
}
