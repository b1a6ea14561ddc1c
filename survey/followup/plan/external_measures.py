"""/staff/followup/targets: targets and external measures, set against a question or against none.

They do not measure what the seven questions ask, so they have pictures of their own, and never a line in the
questions' pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS, short_name
from survey.domain.records.external_measures import BOUNDS, STATUSES, Measurement, Target
from survey.domain.records.record_types import StoredVersion, normalised
from survey.domain.text.collation import collation_key
from survey.followup.plan import edit_record, record_import
from survey.followup.plan.record_kinds import KINDS
from survey.publication.chart_store import NARROW, THEMES
from survey.publication.localised_texts import BabelLocalisation
from survey.store.database.engine import read_transaction
from survey.store.published import plan_records
from survey.web.i18n.language import STAFF_LANGUAGES, current_language, languages
from survey.web.request import services
from survey.web.signin.views import requires, signed_in

blueprint = Blueprint("targets", __name__, url_prefix="/targets")
LABELS: dict[str, Any] = {"statuses": STATUSES, "bounds": BOUNDS, "short_name": short_name, "kinds": KINDS}
edit_record.add_record_pages(blueprint, "targets")
record_import.add_import_pages(blueprint, "targets")
NO_QUESTION = "none"


@dataclass(frozen=True)
class ExternalMeasures:
    """Targets and external series set against a question, or against none."""

    question: str | None
    targets: Sequence[StoredVersion[Target]]
    series: Sequence[Sequence[StoredVersion[Measurement]]]

    def __bool__(self) -> bool:
        """Return whether there is anything."""
        return bool(self.targets or self.series)

    def picture(self) -> dict[str, str] | None:
        """Return the picture's addresses by width and theme, and its words; None where no series is a line."""
        if not self.series:
            return None
        from analysis.charts import external_measures

        texts, table = (
            BabelLocalisation(current_language(), []),
            external_measures.rows_drawn(external_measures.table(_rows(self))),
        )
        return (
            None
            if table.empty
            else _addresses(self.question or NO_QUESTION) | {"alt": external_measures.headline(table, texts)}
        )


@blueprint.get("/")
@requires("read_results")
def index() -> str:
    """Show all of it, question by question, and last what is set against none."""
    with read_transaction(services.engine()) as connection:
        every, gone = measures_by_question(connection, (*QUESTIONS, None)), withdrawn(connection)
    context: dict[str, Any] = {"may_write": signed_in().may("write_plan"), "saved": request.args.get("saved", type=int)}
    return render_template("followup/targets.html", every=every, gone=gone, **LABELS, **context)


def measures_by_question(connection: Connection, questions: Sequence[str | None]) -> list["ExternalMeasures"]:
    """Return the ExternalMeasures for each of these questions that has any."""
    targets, values = plan_records.TARGETS.newest(connection), plan_records.MEASUREMENTS.newest(connection)
    return [each for each in (_measures(question, targets, values) for question in questions) if each]


def measures_of(connection: Connection, question: str | None) -> ExternalMeasures:
    """Return a question's, or those of none: those that hold first; withdrawn ones are left out."""
    return _measures(question, plan_records.TARGETS.newest(connection), plan_records.MEASUREMENTS.newest(connection))


def _measures(
    question: str | None, every: Sequence[StoredVersion[Any]], series: Sequence[StoredVersion[Any]]
) -> ExternalMeasures:
    order = list(STATUSES)
    targets = [_status_on(each, services.today()) for each in every if _is_current(each, question)]
    values = [each for each in series if _is_current(each, question)]
    values.sort(key=lambda each: (_series(each), each.record.day))
    return ExternalMeasures(
        question,
        sorted(targets, key=lambda each: (order.index(each.record.status), collation_key(each.record.name))),
        [list(own) for _name, own in groupby(values, key=_series)],
    )


def _status_on(each: StoredVersion[Target], today: date) -> StoredVersion[Target]:
    """Return a target as it stands today: one whose last day has passed no longer holds."""
    lapsed = each.record.status == "valid" and each.record.passed(today)
    return replace(each, record=replace(each.record, status="lapsed")) if lapsed else each


def withdrawn(connection: Connection) -> list[StoredVersion[Any]]:
    """Return withdrawn targets and values, which are still here to be seen."""
    every: list[StoredVersion[Any]] = [
        *plan_records.TARGETS.newest(connection),
        *plan_records.MEASUREMENTS.newest(connection),
    ]
    return sorted(
        (each for each in every if each.record.ended_on), key=lambda each: str(each.record.ended_on), reverse=True
    )


def _series(each: StoredVersion[Measurement]) -> tuple[str, str]:
    """Return a value's series: its name and its unit."""
    return normalised(each.record.series), each.record.unit_of_measure


def _is_current(each: StoredVersion[Any], question: str | None) -> bool:
    return each.record.question == question and each.record.ended_on is None


@blueprint.get("/pictures/<chart>.<language>.<theme>.svg")
@requires("read_results")
def measures_picture(chart: str, language: str, theme: str) -> Response:
    """Serve the picture of the series set against a question, or against none, as they stand now."""
    name = chart.removesuffix(NARROW)
    if name not in (*QUESTIONS, NO_QUESTION) or language not in STAFF_LANGUAGES or theme not in THEMES:
        abort(404)
    with read_transaction(services.engine()) as connection:
        here = measures_of(connection, None if name == NO_QUESTION else name)
    from analysis.charts import NARROW as PHONE
    from analysis.charts import WIDE, external_measures
    from analysis.charts.drawing import style

    texts, table = (
        BabelLocalisation(languages()[language], []),
        external_measures.rows_drawn(external_measures.table(_rows(here))),
    )
    if table.empty:
        abort(404)
    figure = external_measures.draw(table, texts, WIDE if name == chart else PHONE)
    light = style.svg(figure, external_measures.headline(table, texts), external_measures.describe(table, texts))
    return Response(light if theme == THEMES[0] else style.dark(light), mimetype="image/svg+xml")


def _rows(here: ExternalMeasures) -> list[dict[str, Any]]:
    return [
        {
            "series": own[-1].record.series,
            "date": each.record.day,
            "qualifier": each.record.qualifier,
            "value": each.record.number,
            "unit_of_measure": each.record.unit_of_measure,
            "respondents": each.record.respondents,
            "source": each.record.source,
        }
        for own in here.series
        for each in own
    ]


def _addresses(name: str) -> dict[str, str]:
    where: dict[str, Any] = {"language": current_language().tag}
    return {
        f"{theme}{size}": url_for("followup.targets.measures_picture", chart=name + size, theme=theme, **where)
        for theme in THEMES
        for size in ("", NARROW)
    }


@blueprint.errorhandler(403)
def not_yours(_error: Exception) -> ResponseReturnValue:
    """Refuse those who may read them but not write."""
    text = _("Uppföljningsgruppen och samordnaren skriver in mål och mätningar. Är något fel, säg till dem.")
    return render_template("web/unavailable.html", heading=_("Du kan läsa det här men inte ändra det"), text=text), 403


@blueprint.errorhandler(404)
def not_here(_error: Exception) -> ResponseReturnValue:
    """Show that there is no such target or value."""
    text = _("Det du letar efter finns inte bland målen och mätningarna.")
    return render_template("web/unavailable.html", heading=_("Sidan finns inte"), text=text), 404
