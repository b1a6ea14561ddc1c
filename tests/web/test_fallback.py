"""The marking of texts in another language: a span where an element may stand, nothing anywhere else."""

from itertools import count

import pytest

from survey.web.i18n.foreign_words import isolated, with_swedish_terms
from survey.web.i18n.lang_attributes import CLOSE, add_lang_attributes, opening

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
    ids=map(str, count()),  # the marks are drawn by lot in each process, so a case is called by its number
)
def test_a_text_is_marked_where_an_element_may_stand(page: str, marked: str) -> None:
    assert add_lang_attributes(page, SPANS) == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("an agreement (överenskommelse)", "an agreement ([överenskommelse])"),
        ("a contact (fast vårdkontakt) (if needed)", "a contact ([fast vårdkontakt]) (if needed)"),
        ("a contact (fast vård)", "a contact (fast vård)"),
        ("opened %(day)s (new tab)", "opened %(day)s (new tab)"),
        ("(%(level)s interval)", "(%(level)s interval)"),
    ],
)
def test_the_swedish_words_that_a_translation_keeps_in_brackets_are_marked(text: str, marked: str) -> None:
    source = "Överenskommelse: fast vårdkontakt (vid behov), öppnas %(day)s (ny flik, interval)"
    assert with_swedish_terms(text, source, "[", "]") == marked


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<p>بين 57–63 % أو 12%</p>", "<p>بين [57–63 %] أو [12%]</p>"),
        ("<p>السؤال 2 من 7</p>", "<p>السؤال [2] من [7]</p>"),
        ("<option value='65-79'>65–79 عامًا</option>", "<option value='65-79'>[65–79] عامًا</option>"),
        ("<p>اتصل 1177. 063-15 30 00</p>", "<p>اتصل [1177]. [063-15 30 00]</p>"),
        ("<p>واحد 1, 2</p>", "<p>واحد [1], [2]</p>"),
        ("<p>Hälsocentral 2 و 3</p>", "<p>Hälsocentral 2 و [3]</p>"),
        ("<b>127.0.0.1:8000/results/2026-host</b>", "<b>127.0.0.1:8000/results/2026-host</b>"),
        ("<script>f(1, 2)</script><style>p{top:1%}</style><i title='3'></i>",) * 2,
    ],
)
def test_numbers_stand_in_one_piece_where_one_reads_from_right_to_left(page: str, shown: str) -> None:
    assert isolated(page).replace("\u2066", "[").replace("\u2069", "]") == shown
