"""The pages of one record: edited in a form, with its history kept, and ended with its day.

Every save is a new version on top of the one that the form was filled from. Where somebody else has saved meanwhile,
what stands is shown beside what was written, and nothing of either is lost.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.records.record_types import KEY, Record, StoredVersion, form_values, parse_record
from survey.domain.text.collation import collation_key
from survey.followup.plan.record_kinds import KINDS, Kind, url_converter
from survey.store.core import places
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.request import services
from survey.web.signin.views import requires, signed_in
from survey.web.staff import audit_log
from survey.web.staff.fault_sentences import sentence

Options = Mapping[str, Mapping[str, str]]


class ShownFault(NamedTuple):
    """A fault as the form shows it, and the column it is in; an empty name where it concerns the whole record."""

    name: str
    sentence: str


def add_record_pages(blueprint: Blueprint, section: str) -> None:
    """Add these pages to a blueprint."""
    kind = url_converter(section)
    blueprint.add_url_rule(f"/new/{kind}", "new_record", new_record, methods=["GET"])
    blueprint.add_url_rule(f"/{kind}/<key>", "record_page", record_page, methods=["GET"])
    blueprint.add_url_rule(f"/{kind}/<key>/read", "read_only_page", read_only_page, methods=["GET"])
    blueprint.add_url_rule(f"/{kind}/<key>", "save_record", save_record, methods=["POST"])


@requires("write_plan")
def new_record(kind: str) -> str:
    """Show an empty form. Its key is made here, so that a form that is sent twice is saved once."""
    with read_transaction(services.engine()) as connection:
        options = _options(connection)
    return _render_form(KINDS[kind], secrets.token_hex(8), 0, KINDS[kind].first or {}, options)


@requires("read_results")
def record_page(kind: str, key: str) -> str:
    """Show the record as it stands, in a form for those who may change it, and all its versions."""
    with read_transaction(services.engine()) as connection:
        history = KINDS[kind].versions.history(connection, _key(key))
        options = _options(connection)
    if not history:
        abort(404)
    return _render_form(KINDS[kind], key, history[-1].version, form_values(history[-1].record), options, history)


@requires("read_results")
def read_only_page(kind: str, key: str) -> str:
    """Show the record and all its versions, to read; with a link to its form for those who may change it."""
    with read_transaction(services.engine()) as connection:
        history = KINDS[kind].versions.history(connection, _key(key)) or abort(404)
        options = _options(connection)
    may_write, today = signed_in().may("write_plan"), services.today()
    shown: dict[str, Any] = {"key": key, "history": history, "options": options, "today": today}
    return render_template("followup/record_read.html", kind=KINDS[kind], may_write=may_write, **shown)


@requires("write_plan")
def save_record(kind: str, key: str) -> ResponseReturnValue:
    """Save what is written as the next version."""
    the, raw, version = KINDS[kind], _posted_values(KINDS[kind]), _version()
    with write_transaction(services.engine()) as connection:
        options = _options(connection)
        thing, faults = parse_record(the.versions.kind, raw, options, services.today())
        known = {each.key: each for each in the.versions.newest_for_update(connection)}
        now = known.get(_key(key))
        if version and now is None:
            abort(404)
        if thing is None or faults:
            shown = [ShownFault(each.name, sentence(each.fault)) for each in faults]
            return _render_form(the, key, version, raw, options, faults=shown), 422
        thing = thing.completed(services.today(), now.record if now else None)
        if now is not None and now.record == thing:
            return redirect(url_for(f"followup.{the.section}.index"))
        if now is not None and now.version != version:
            return _render_form(the, key, now.version, raw, options, [now], moved=True), 409
        if the.duplicate and any(
            each.record.identity() == thing.identity() for each in known.values() if each.key != key
        ):
            return _render_form(the, key, version, raw, options, faults=[ShownFault("", _(the.duplicate))]), 422
        the.versions.add(connection, StoredVersion(key, version + 1, services.today(), thing))
        audit_log.event_note(f"{the.section}_changed", kind=kind, entry=key, version=version + 1)(connection)
    flash(_("Det du skrev är sparat."))
    return redirect(url_for(f"followup.{the.section}.index"))


def _key(key: str) -> str:
    if not KEY.fullmatch(key):
        abort(404)
    return key


def _version() -> int:
    """Return the version that the form was filled from."""
    found = request.form.get("version", "")
    return int(found) if re.fullmatch(r"[0-9]{1,6}", found) else abort(400)


def _posted_values(kind: Kind) -> dict[str, str]:
    return {each.name: request.form.get(each.name, "") for each in kind.versions.kind.COLUMNS}


def _options(connection: Connection) -> Options:
    """Return the options that differ between installations: the places that are not the region itself."""
    found = [each for each in places.all_places(connection) if each.level != "region"]
    order = sorted(found, key=lambda each: (each.level != "municipality", collation_key(each.name)))
    return {"place": {each.key: each.name for each in order}}


def _render_form(  # noqa: PLR0917 (a form: of what, which, from when, written how)
    kind: Kind,
    key: str,
    version: int,
    raw: Mapping[str, str],
    options: Options,
    history: Sequence[StoredVersion[Record]] = (),
    **context: Any,
) -> str:
    may_write = signed_in().may("write_plan")
    shown: dict[str, Any] = {"key": key, "version": version, "raw": raw, "options": options, "history": history}
    return render_template("followup/record.html", kind=kind, may_write=may_write, **shown, **context)
