"""All diagrams of a place on one page: each of them has all seven questions, and its figures in a table or in words."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.followup.place import compared, data_notes, figure_text, pictures, question
from survey.followup.place.bar import FUNNELS, NATION, REGION_FUNNELS
from survey.followup.place.figure_text import Context, Row
from survey.followup.place.place_access import PlaceAccess
from survey.followup.selection import PlaceReport

WITH_TABLE = ("gap", "change", "trend", "gap-trend")


def charts_context(connection: Connection, report: PlaceReport, access: PlaceAccess) -> Context:
    """Return what the page says of the place; a unit stands among the others, for those who may read all of them."""
    from analysis.charts import ON_PAGE, WITH_UNITS

    every, of_place = figure_text.by_round(report), [each for each in ON_PAGE if each not in (*WITH_TABLE, *WITH_UNITS)]
    rows = figure_text.over_rounds(every)
    tables = {chart: report.table(chart) for chart in (*WITH_TABLE, *of_place) if chart != "gap"}
    tables["gap"] = every.tail(len(QUESTIONS)).reset_index(drop=True)  # the edition's own round stands last
    drawn = {
        chart: pictures.picture_context(report, chart, tables[chart], in_words=chart not in WITH_TABLE)
        for chart in (*WITH_TABLE, *of_place)
    }
    comparing = _comparing_charts(report)
    drawn |= zip(comparing, compared.comparing_pictures(connection, report, access, comparing), strict=True)
    sections = _sections()
    return {
        "pictures": drawn,
        "headings": {name: heading for name, (heading, _lead) in sections.items()},
        "leads": {name: lead for name, (_heading, lead) in sections.items()},
        "charts": [chart for chart in drawn if drawn[chart]],
        "empty": [chart for chart in drawn if not drawn[chart] and chart not in comparing],
        "round_names": [figure_text.round_name(report, body["round"]["key"]) for body in report.bodies],
        "now": [_newest_row(key, rows[key], report) for key in QUESTIONS],
        "since_last": data_notes.changes_since_last(tables["change"], report),
        "matrix": [_rounds_row(key, rows[key], report) for key in QUESTIONS],
        "changed_words": data_notes.wording_changes(report, rows),
        "unchanged": _unchanged_note(report),
    }


def _comparing_charts(report: PlaceReport) -> Sequence[str]:
    """Return the charts that need more places than this one: of a unit the others, of a nation and region all."""
    if report.is_national:
        return ("same-regions",) if report.place["level"] == NATION else REGION_FUNNELS
    return FUNNELS if report.place["level"] == "unit" else ()


def _sections() -> dict[str, tuple[str, str]]:
    """Return the heading of each chart that may stand on the page, and a sentence under it."""
    from analysis.charts import ON_PAGE, REGION_FUNNELS, SAME_REGIONS

    of_places = {name: chart.section() for name, chart in {**ON_PAGE, **REGION_FUNNELS}.items()}
    return of_places | {name: chart.section() for name, chart in SAME_REGIONS.items()}


def _newest_row(key: str, rows: Sequence[Row], report: PlaceReport) -> Context:
    """Return a question's newest round."""
    return {"name": report.texts.question(key), "round": question.round_row(rows[-1], None, report)}


def _rounds_row(key: str, rows: Sequence[Row], report: PlaceReport) -> Context:
    """Return a question in every round: both shares and the gap, and where its wording changed."""
    anew = [figure_text.reworded_roles(row, before) for row, before in figure_text.with_before(rows)]
    joined = [bool(report.joined.get(row["round"])) for row in rows]
    return {
        "name": report.texts.question(key),
        "sides": [
            [
                figure_text.side_text(row, report, role) | {"reworded": role in roles, "joined": grew}
                for row, roles, grew in zip(rows, anew, joined, strict=True)
            ]
            for role in ROLES
        ],
        "gaps": [
            figure_text.gap_text(row, report) | {"reworded": bool(roles), "joined": grew}
            for row, roles, grew in zip(rows, anew, joined, strict=True)
        ],
    }


def _unchanged_note(report: PlaceReport) -> str:
    """Return the sentence for rounds in which no word has changed."""
    if len(report.bodies) < 2:
        return str(_("Det här är den första mätomgången."))
    if report.bodies[-2].get("translations"):
        return str(_("Frågorna och deras översättningar är desamma som förra gången."))
    return str(_("Frågorna är desamma som förra gången."))
