"""The templates of the channels, drawn in the language that is asked for. For the unit's views."""

from functools import partial
from typing import Any

from flask import render_template

from survey.channels.channel import RenderTemplate
from survey.domain.disclosure.protection import parse_protection
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import ROLE_PREFIX
from survey.domain.questions.questionnaire import ROLES, Question
from survey.domain.questions.responses import LABELS
from survey.domain.rounds.lifecycle import Round
from survey.domain.text.bidi_isolates import isolated, named
from survey.web.i18n.language import languages, speaking
from survey.web.pages.public_pages import day
from survey.web.request import services
from survey.web.request.addresses import residents_address


def template_renderer(place: Place, round_: Round) -> RenderTemplate:
    """Return the function that draws a channel's templates for this unit in this round."""

    def draw(template: str, language: str, /, **values: object) -> str:
        spoken = languages()[language]
        with speaking(spoken):
            context: dict[str, Any] = {
                "place": place,
                "closing_day": day(round_.closes),
                "asked": _asked(round_),
                "labels": LABELS,
            }
            context["others"] = round_.min_others()
            context["smallest_group"] = parse_protection(round_.protection).smallest_group
            context["isolated"] = partial(isolated, direction=spoken.direction)
            context["named"] = partial(named, direction=spoken.direction)
            return render_template(f"channels/{template}", **context, **values)

    return draw


def _asked(round_: Round) -> dict[str, tuple[Question, ...]]:
    """Return the questions of each role, as this round asks them."""
    return {role: services.versions()[round_.version(role)].questions[role] for role in ROLES}


def address_of(place: Place, role: str) -> str:
    """Return the address where a role answers for a unit, as residents reach it."""
    return f"{residents_address()}/{ROLE_PREFIX[role]}/{place.key}"
