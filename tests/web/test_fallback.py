"""The marking of texts in another language: a span where an element may stand, nothing anywhere else."""

import pytest

from survey.web.fallback import CLOSE, mark, opening

SPANS = ['<span lang="sv" dir="ltr">', '<span lang="fa" dir="rtl">']
SV, FA, END = opening(0), opening(1), CLOSE


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("<p>Hello</p>", "<p>Hello</p>"),
        (f"<p>{SV}Hej{END}</p>", f"<p>{SPANS[0]}Hej</span></p>"),
        (f"<p>{SV}Hej{END} {FA}سلام{END}</p>", f"<p>{SPANS[0]}Hej</span> {SPANS[1]}سلام</span></p>"),
        (f"<p>{SV}Läs {FA}سلام{END} här{END}</p>", f"<p>{SPANS[0]}Läs {SPANS[1]}سلام</span> här</span></p>"),
        (f'<p title="{SV}Hej{END}">x</p>', '<p title="Hej">x</p>'),
        (f"<title>{SV}Hej{END} - x</title>", "<title>Hej - x</title>"),
        (f"<TITLE>{SV}Hej{END}</TITLE>", "<TITLE>Hej</TITLE>"),
        (f"<option value='1'>{SV}Hej{END}</option>", "<option value='1'>Hej</option>"),
        (f"<textarea>{SV}Hej{END}</textarea>", "<textarea>Hej</textarea>"),
        (f"<script>say('{SV}Hej{END}')</script>", "<script>say('Hej')</script>"),
        ("<p>\ue0ff\ue1fe\ue100</p>", "<p>\ue0ff\ue1fe\ue100</p>"),
        (f"<style>{SV}Hej{END}</style>", "<style>Hej</style>"),
        (f"<!-- {SV}Hej{END} --><b>{SV}Hej{END}</b>", f"<!-- Hej --><b>{SPANS[0]}Hej</span></b>"),
        (f"<p>{SV}Läs <a href='/x'>mer</a>{END}</p>", f"<p>{SPANS[0]}Läs <a href='/x'>mer</a></span></p>"),
    ],
)
def test_a_text_is_marked_where_an_element_may_stand(page: str, marked: str) -> None:
    assert mark(page, SPANS) == marked
