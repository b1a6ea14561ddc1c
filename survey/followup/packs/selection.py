"""Choices of a pack: a published round, its places, the questions; and the pack it follows. For the views."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.text.collation import collation_key
from survey.followup.packs.forms import MAX_PLACES, ContentForm
from survey.followup.selection import Body
from survey.publication import edition_reader
from survey.publication.localised_texts import BabelLocalisation
from survey.store.database.engine import read_transaction
from survey.store.published import packs
from survey.store.published.packs import Pack
from survey.web.i18n.language import current_language
from survey.web.request import services

Place = Mapping[str, Any]
LEVELS = ("region", "municipality", "group", "unit")


def selectable_editions(also: int | None = None) -> list[Body]:
    """Return each round's newest edition, the oldest first; also a draft's own, if the round came out anew."""
    with read_transaction(services.engine()) as connection:
        found = [each.head for each in edition_reader.latest_by_round(connection)]
        other = edition_reader.find_edition(connection, also) if also is not None else None
    if other is not None and other.head["number"] not in {each["number"] for each in found}:
        found.insert(0, other.head)
    return found


def places_by_edition(found: Sequence[Body]) -> dict[str, Sequence[Place]]:
    """Return each edition's places, by its number: the largest first, for a pack opens with it; then by name."""
    return {str(each["number"]): sorted(each["places"], key=_sort_key) for each in found}


def _sort_key(place: Place) -> tuple[int, str]:
    level = "group" if "units" in place else place["level"]
    return LEVELS.index(level) if level in LEVELS else len(LEVELS), collation_key(place["name"])


def units_by_parent(found: Sequence[Body]) -> list[tuple[str, list[Place]]]:
    """Return the units of all these editions under the name of their parent, as they are called in the newest."""
    newest = {place["key"]: place for each in found for place in each["places"]}
    by_name: dict[str, list[Place]] = {}
    for place in sorted(newest.values(), key=_sort_key):
        if place["level"] == "unit" and "units" not in place:
            by_name.setdefault(newest[place["parent"]]["name"], []).append(place)
    return sorted(by_name.items(), key=lambda each: collation_key(each[0]))


def _places_above(found: Sequence[Body]) -> list[Place]:
    """Return the places above units of all these editions."""
    newest = {place["key"]: place for each in found for place in each["places"]}
    return sorted((each for each in newest.values() if each["level"] != "unit" or "units" in each), key=_sort_key)


def selected_values(connection: Connection, form: ContentForm, but: str | None = None) -> dict[str, Any]:
    """Return a valid form's values, and the newest frozen pack with a place in common, except `but`."""
    earlier = [each for each in packs.all_packs(connection) if each.number is not None and each.id != but]
    follows = next((each.id for each in earlier if set(each.places) & set(form.chosen)), None)
    return {
        "title": form.title.data,
        "edition": int(form.edition.data),
        "places": form.chosen,
        "questions": tuple(form.questions.data),
        "previous_pack": follows,
    }


def render_selection(found: Sequence[Body], form: ContentForm, draft: Pack | None = None, moved: bool = False) -> str:
    """Show the form of a pack's content."""
    texts = BabelLocalisation(current_language(), found)
    rounds = [(str(each["number"]), texts.round_name(each["round"]["key"])) for each in reversed(found)]
    there = {place["key"] for place in form.known.get(form.edition.data or "", ())}
    absent = {place["key"] for each in found for place in each["places"]} - there if there else set()
    named = {
        "form": form,
        "absent": absent,
        "rounds": rounds,
        "places": _places_above(found),
        "draft": draft,
        "most": MAX_PLACES,
    }
    questions = [(question, texts.question(question)) for question in QUESTIONS]
    now = _draft_content(found, draft, dict(rounds), dict(questions)) if draft and moved else None
    return render_template(
        "followup/pack_content.html", **named, questions=questions, units=units_by_parent(found), now=now
    )


def _draft_content(
    found: Sequence[Body], draft: Pack, rounds: Mapping[str, str], questions: Mapping[str, str]
) -> dict[str, str]:
    """Return the draft's content, in words."""
    names = {place["key"]: place["name"] for each in found for place in each["places"]}
    return {
        "title": draft.title,
        "edition": rounds[str(draft.edition)],
        "places": "\n".join(names[key] for key in draft.places),
        "questions": "\n".join(questions[key] for key in draft.questions),
    }
