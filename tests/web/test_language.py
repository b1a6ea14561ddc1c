"""Which language a reader gets, and its texts, numbers and dates, also where Flask-Babel knows no way."""

import datetime
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string, request
from flask_babel import format_date, format_decimal, format_percent, gettext, lazy_gettext

from survey.web.i18n.language import (
    by_header,
    current_language,
    init_languages,
    languages,
    offered,
    offered_languages,
    set_staff_language,
    speaking,
    use_language,
)
from tests.language_folders import RECORDS, add_language

DAY = datetime.date(2026, 10, 15)
PAGE = """{% set language = current_language() -%}
<html lang="{{ language.html_lang }}" dir="{{ language.direction }}">
<title>{{ _('Tack') }}</title><p>{{ _('Nästa') }}</p><p title="{{ _('Tack') }}">{{ _('Tack') }}</p>"""
NEXT = {
    "sv-x-lattlast": "Gå vidare",
    "fa-AF": "بعدی",
    "kmr": "Pêşve",
    "fit": "Etheenpäin",
    "en": "Next",
    "ar": "التالي",
}
APPROVED = "approved by translator on 2026-09-01 for 6aa7c3aa"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An app with every language of RECORDS, most with one of the page's two texts, and that approved."""
    for tag in RECORDS:
        add_language(tmp_path, tag, {"Nästa": NEXT[tag]} if tag in NEXT else None, APPROVED)
    app = Flask("tiny")
    app.secret_key = "x" * 32
    init_languages(app, tmp_path / "translations")
    app.add_url_rule("/page", "page", lambda: render_template_string(PAGE))
    app.add_url_rule("/s/<unit>/<language>", "sheet", lambda unit, language: render_template_string(PAGE))
    app.add_url_rule("/button", "button", _button, methods=["POST"])
    app.add_url_rule("/staff/page", "staff", lambda: render_template_string(PAGE))
    app.add_url_rule("/staff/choose/<tag>", "choose", lambda tag: set_staff_language(tag) or "chosen")
    return app


def _button() -> str:
    chosen = offered(request.form["language"])
    assert chosen is not None
    use_language(chosen)
    return render_template_string(PAGE)


def spoken(page: str) -> str:
    """The language a page says it is in."""
    found = re.search('<html lang="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("tag", "html_lang", "direction", "share", "number", "day"),
    [
        ("sv", "sv", "ltr", "56\xa0%", "12\xa0345,6", "15 oktober 2026"),
        ("sv-x-lattlast", "sv", "ltr", "56\xa0%", "12\xa0345,6", "15 oktober 2026"),
        ("en", "en", "ltr", "56%", "12,345.6", "15 October 2026"),
        ("ar", "ar", "rtl", "56%", "12,345.6", "15 أكتوبر 2026"),
        ("fa-AF", "fa-AF", "rtl", "56%", "12,345.6", "15 اکتوبر 2026"),
        ("fa", "fa", "rtl", "56%", "12,345.6", "15 اکتبر 2026"),
        ("kmr", "kmr", "ltr", "%56", "12.345,6", "15ê cotmeha 2026an"),
        ("fit", "fit", "ltr", "56\xa0%", "12\xa0345,6", "15 oktober 2026"),
    ],
)
def test_each_language_has_its_texts_direction_numbers_and_dates(
    app: Flask, tag: str, html_lang: str, direction: str, share: str, number: str, day: str
) -> None:
    with app.app_context(), speaking(languages()[tag]):
        assert gettext("Nästa") == str(lazy_gettext("Nästa")) == NEXT.get(tag, "Nästa")
        assert gettext("Tack") == "Tack"
        assert (format_percent(0.56), format_decimal(12345.6), format_date(DAY, "long")) == (
            share,
            number,
            day,
        )
        page = render_template_string(PAGE)
        assert f'<html lang="{html_lang}" dir="{direction}">' in page


@pytest.mark.parametrize("tag", RECORDS)
def test_what_falls_back_to_swedish_says_so_where_an_element_may_stand(app: Flask, tag: str) -> None:
    with app.app_context(), speaking(languages()[tag]):
        page = render_template_string(PAGE)
    marked = '<span lang="sv" dir="ltr">Tack</span>'
    assert "<title>Tack</title>" in page
    assert f'<p title="Tack">{"Tack" if tag.startswith("sv") else marked}</p>' in page


def test_speaking_ends_where_it_ends(app: Flask) -> None:
    with app.app_context():
        with speaking(languages()["ar"]):
            assert gettext("Nästa") == NEXT["ar"]
        assert current_language().tag == "sv"
        assert (gettext("Nästa"), format_percent(0.5)) == ("Nästa", "50\xa0%")


@pytest.mark.parametrize("tag", RECORDS)
def test_the_empty_text_is_empty_and_not_the_catalogs_header(app: Flask, tag: str) -> None:
    with app.app_context(), speaking(languages()[tag]):
        assert gettext("") == ""
        assert render_template_string("{{ _('') }}") == ""


def test_outside_an_app_texts_are_swedish() -> None:
    assert gettext("Nästa") == "Nästa"
    assert current_language().tag == "sv"


@pytest.mark.parametrize("tag", NEXT)
def test_the_address_chooses_before_the_browser(app: Flask, tag: str) -> None:
    client = app.test_client()
    html_lang = "sv" if tag == "sv-x-lattlast" else tag
    for path in (f"/s/frosehc/{tag}", f"/page?language={tag}"):
        page = client.get(path, headers={"Accept-Language": "fa"}).text
        assert spoken(page) == html_lang
        assert NEXT[tag] in page


def test_a_language_that_is_not_offered_is_not_chosen_by_the_address(app: Flask) -> None:
    for path in ("/s/frosehc/fa", "/s/frosehc/xx", "/page?language=fa"):
        assert spoken(app.test_client().get(path, headers={"Accept-Language": "en"}).text) == "en"


def test_a_language_button_chooses_for_its_own_request_only(app: Flask) -> None:
    client = app.test_client()
    assert spoken(client.post("/button", data={"language": "ar"}).text) == "ar"
    assert spoken(client.get("/page").text) == "sv"


def test_requests_in_one_application_context_do_not_share_a_language(app: Flask) -> None:
    with app.app_context():
        client = app.test_client()
        assert [spoken(client.get(f"/s/frosehc/{tag}").text) for tag in ("ar", "en", "sv")] == [
            "ar",
            "en",
            "sv",
        ]


TAGS = (*((tag.lower(), tag) for tag in RECORDS), ("prs", "fa-AF"), ("ku", "kmr"))


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "sv"),
        ("ar", "ar"),
        ("ar-SY,en;q=0.8", "ar"),
        ("en-US,en;q=0.9,sv;q=0.8", "en"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("en;q=0.2, ar;q=0.9", "ar"),
        ("de,fr;q=0.9", "sv"),
        ("de,ar;q=0.1", "ar"),
        ("fa-AF", "fa-AF"),
        ("FA-af", "fa-AF"),
        ("fa-IR", "fa"),
        ("prs", "fa-AF"),
        ("ku-TR", "kmr"),
        ("sv-x-lattlast", "sv-x-lattlast"),
        ("en;q=0, ar;q=0.5", "ar"),
        ("*", "sv"),
        ("en;q=loud,ar", "ar"),
        (";;;,,q=", "sv"),
        ("x" * 10_000 + ",en", "sv"),
    ],
)
def test_the_browser_chooses_when_the_address_does_not(header: str, tag: str) -> None:
    assert by_header(header, TAGS) == tag


def test_staff_read_swedish_or_english_and_the_session_keeps_it(app: Flask) -> None:
    client = app.test_client()
    assert spoken(client.get("/staff/page", headers={"Accept-Language": "ar"}).text) == "sv"
    assert spoken(client.get("/staff/page", headers={"Accept-Language": "en"}).text) == "en"
    client.get("/staff/choose/en")
    assert spoken(client.get("/staff/page").text) == "en"
    client.get("/staff/choose/ar")
    assert spoken(client.get("/staff/page").text) == "en"
    assert spoken(client.get("/page").text) == "sv"


def test_only_staff_pages_depend_on_a_cookie(app: Flask) -> None:
    client = app.test_client()
    client.get("/staff/choose/en")
    for path in ("/page", "/s/frosehc/ar", "/page?language=en"):
        assert "Cookie" not in client.get(path).headers.get("Vary", "")
    assert "Cookie" in client.get("/staff/page").headers["Vary"]


def test_an_operator_may_switch_a_language_off_but_not_swedish_and_not_past_its_class(app: Flask) -> None:
    with app.app_context():
        tags = [language.tag for language in offered_languages()]
    assert tags == ["sv", "sv-x-lattlast", "ar", "en", "fa-AF", "kmr", "fit"]
    app.extensions["services"] = SimpleNamespace(settings=SimpleNamespace(disabled_languages=("ar", "sv"), demo=False))
    with app.app_context():
        assert "ar" not in [language.tag for language in offered_languages()]
        assert offered("ar") is None and offered("fa") is None and offered(None) is None
        assert offered("sv") is languages()["sv"]
    page = app.test_client().get("/s/frosehc/ar", headers={"Accept-Language": "ar,en;q=0.5"}).text
    assert spoken(page) == "en"
