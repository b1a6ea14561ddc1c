"""Submissions: a posted sheet is given back, in another language or with what needs mending, or taken and thanked for.

For the short addresses and for the kiosk.
"""

from collections.abc import Mapping
from functools import partial

from flask import Response, abort, g, request
from flask.typing import ResponseReturnValue

from survey.answer import forms, notices
from survey.answer.rate_limit import Limits, Verdict, limits_of
from survey.answer.render import thanks, thanks_address, thanks_with_conversation, with_answers
from survey.answer.sheet import Notice, Sheet, answer_state
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.store.answers import batches
from survey.store.database.engine import write_transaction
from survey.web.i18n.language import Language, current_language, offered, use_language
from survey.web.pages.error_pages import ErrorPage
from survey.web.pages.security_headers import is_same_origin
from survey.web.request import services

LARGEST_POST = 16 * 1024
# What is to stand in the place of the form: the thank-you, for our script; or the conversation sheet, without script.
PAGE, SHEET = "1", "2"
CROWDED = {Verdict.LATER: "crowded", Verdict.TOMORROW: "crowded_today"}
Posted = Mapping[str, str]


def read_post() -> tuple[Posted, bool, Language | None]:
    """Return what was posted, whether the browser says it comes from us, and the language that was asked for.

    Where the browser is silent the form id must say it.
    """
    request.max_content_length = LARGEST_POST
    ours = is_same_origin(request)
    if ours is False:
        raise ErrorPage("foreign_post")
    if request.mimetype != "application/x-www-form-urlencoded":
        abort(415)
    posted = request.form.to_dict()  # the first of each name; asking for one that is not there costs nothing then
    if ours:
        _keep(posted)
    if chosen := offered(posted.get("lang")):
        use_language(chosen)
    return posted, bool(ours), chosen


def receive(sheet: Sheet, posted: Posted, ours: bool, chosen: Language | None) -> ResponseReturnValue:
    """Take the answers; or give the sheet back."""
    if not ours:
        if not sheet.knows(posted.get("form_id", "")):
            raise ErrorPage("foreign_post")
        _keep(posted)
    if chosen:
        return (
            thanks_with_conversation(sheet, posted)
            if _asks_conversation(sheet, posted)
            else with_answers(sheet, posted)
        )
    found = forms.read_submission(sheet, posted)
    if isinstance(found, Notice):
        return with_answers(sheet, posted, found)
    # Drawn before the commit, so that nothing can fail between that and the thank-you.
    thanked = _thanked(sheet, posted)
    match _accepted(sheet, found):
        case Outcome.UNKNOWN_CODE:
            return with_answers(sheet, posted, notices.unknown_code(sheet))
        case Outcome.CLOSED:
            raise ErrorPage("closed")
    return thanked


def _accepted(sheet: Sheet, submission: Submission) -> Outcome:
    """Take a submission; without a code it has a place within the limit, kept only by what is stored now."""
    if submission.code is not None:
        return accept(services.engine(), services.volumes(), submission)
    outcome = accept_within(sheet, submission, sheet.address, limits_for(sheet))
    if isinstance(outcome, Verdict):
        raise ErrorPage("crowded_kiosk" if sheet.kiosk else CROWDED[outcome])
    return outcome


def limits_for(sheet: Sheet) -> Limits:
    """Return how many answers without a code the sheet's unit may have within an hour and within a day."""
    settings = services.settings()
    hour, day = settings.open_answers_per_hour, settings.open_answers_per_day_and_head
    return limits_of(hour, day, sheet.place.headcount, settings.web_processes)


def accept_within(sheet: Sheet, submission: Submission, limit_key: str, most: Limits) -> Outcome | Verdict:
    """Take a submission if its key has a place left, which is kept only by what is stored now; else say why not.

    A link that is sent to more often than a unit has visitors is stopped, and noted for the coordinator.
    """
    limit, outcome = answer_state().rate_limit, None
    verdict, first = limit.allows(limit_key, services.now(), most)
    if first:
        with write_transaction(services.engine()) as connection:
            batches.throttle(connection, round=sheet.round.key, unit=sheet.place.key, role=sheet.role)
    if verdict is not Verdict.GO:
        return verdict
    try:
        outcome = accept(services.engine(), services.volumes(), submission)
        return outcome
    finally:
        if outcome is not Outcome.ACCEPTED:
            limit.give_back(limit_key)


def _thanked(sheet: Sheet, posted: Posted) -> Response:
    """Return the thank-you: to our script the page itself, with its form id; else a redirect to it.

    Without script the conversation sheet can be asked for. It is this one reply, never on a kiosk, and its language
    menu brings the same answers here again, which nothing is taken of.
    """
    if posted.get("in_place") == PAGE:
        return thanks(sheet.place, sheet.round, sheet.role, sheet.kiosk, posted.get("form_id", ""))
    if _asks_conversation(sheet, posted):
        return thanks_with_conversation(sheet, posted)
    return Response(status=303, headers={"Location": thanks_address(sheet, current_language().tag)})


def _asks_conversation(sheet: Sheet, posted: Posted) -> bool:
    return posted.get("in_place") == SHEET and sheet.role == "patient" and not sheet.kiosk


def _keep(posted: Posted) -> None:
    """Keep what was posted for an error page, which reads it only if there is one."""
    g.hidden_fields = partial(forms.hidden_fields, posted)
