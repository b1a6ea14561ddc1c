"""The notices on top of a sheet that came back: what happened, what was kept, and what to do. For the answer views."""

from survey.answer.sheet import Notice, Sheet
from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.text.i18n import N_

_TO_CODE = N_("Till koden")
_TO_FIRST = N_("Till första frågan")


def unknown_code(sheet: Sheet) -> Notice:
    """Return the notice for a code that is none of this unit's, or can't be a code at all: the same words for both."""
    if not sheet.needs_code:
        line = N_("Vi känner inte igen koden. Dina svar är kvar. Titta på lappen igen, eller svara utan kod.")
    else:
        line = N_("Vi känner inte igen koden. Dina svar är kvar. Titta på lappen igen.")
    return Notice(422, (line,), _last_step(sheet), "code", _TO_CODE)


def no_code(sheet: Sheet) -> Notice:
    """Return the notice where a code is needed and none was typed."""
    line = N_("Koden saknas. Dina svar är kvar. Skriv koden som står på lappen.")
    return Notice(422, (line,), _last_step(sheet), "code", _TO_CODE)


def stale(sheet: Sheet) -> Notice:
    """Return the notice for a form id that is none of ours for this sheet."""
    line = N_("Sidan hade stått öppen för länge. Inget är sparat, men dina svar är kvar. Skicka dem igen.")
    return Notice(422, (line,), _last_step(sheet))


def nothing_answered() -> Notice:
    """Return the notice where every question was skipped."""
    line = N_("Du har inte svarat på någon fråga. Inget är sparat. Svara på minst en fråga och skicka igen.")
    return Notice(422, (line,), "1", "q1", _TO_FIRST)


def foreign_value(name: str) -> Notice:
    """Return the notice for a field whose value is none that we offer."""
    line = N_("Ett av svaren kom inte fram rätt. Inget är sparat, men de andra svaren är kvar. Välj igen.")
    if name in QUESTIONS:
        step = QUESTIONS.index(name) + 1
        return Notice(422, (line,), str(step), f"q{step}", N_("Till frågan"))
    return Notice(422, (line,), "8", "q8", N_("Till frågan"))


def _last_step(sheet: Sheet) -> str:
    return "9" if sheet.role == "patient" else "8"
