"""The notices on top of a sheet that came back: what happened, what was kept, and what to do. For the answer views."""

from survey.answer.forms import SheetForm
from survey.answer.sheet import Notice, Sheet
from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.text.i18n import N_

_TO_CODE = N_("Till koden")
_TO_FIRST = N_("Till första frågan")


def fault_in(form: SheetForm, sheet: Sheet) -> Notice | None:
    """Return the first fault to mend before the answers can be taken; None when there is none."""
    if foreign := form.foreign():
        return _foreign_value(foreign[0])
    if not any(form[question].data for question in QUESTIONS):
        return _nothing_answered()
    if form.typed_code():
        return None if form.read_code() else unknown_code(sheet)
    if sheet.needs_code:
        return _no_code(sheet)
    return None if sheet.knows(form.form_id.data or "") else _stale(sheet)


def unknown_code(sheet: Sheet) -> Notice:
    """Return the notice for a code that is none of this unit's, or can't be a code at all: the same words for both."""
    if not sheet.needs_code:
        line = N_("Vi känner inte igen koden. Dina svar är kvar. Titta på lappen igen, eller svara utan kod.")
    else:
        line = N_("Vi känner inte igen koden. Dina svar är kvar. Titta på lappen igen.")
    return Notice(422, (line,), _last_step(sheet), "code", _TO_CODE)


def _no_code(sheet: Sheet) -> Notice:
    line = N_("Koden saknas. Dina svar är kvar. Skriv koden som står på lappen.")
    return Notice(422, (line,), _last_step(sheet), "code", _TO_CODE)


def _stale(sheet: Sheet) -> Notice:
    line = N_("Sidan hade stått öppen för länge. Inget är sparat, men dina svar är kvar. Skicka dem igen.")
    return Notice(422, (line,), _last_step(sheet))


def _nothing_answered() -> Notice:
    line = N_("Du har inte svarat på någon fråga. Inget är sparat. Svara på minst en fråga och skicka igen.")
    return Notice(422, (line,), "1", "q1", _TO_FIRST)


def _foreign_value(name: str) -> Notice:
    line = N_("Ett av svaren kom inte fram rätt. Inget är sparat, men de andra svaren är kvar. Välj igen.")
    if name in QUESTIONS:
        step = QUESTIONS.index(name) + 1
        return Notice(422, (line,), str(step), f"q{step}", N_("Till frågan"))
    return Notice(422, (line,), "8", "q8", N_("Till frågan"))


def _last_step(sheet: Sheet) -> str:
    return "9" if sheet.role == "patient" else "8"
