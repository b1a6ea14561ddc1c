"""Pages drawn once and compressed once, with the form id put in each time."""

import gzip

import brotli
from hypothesis import given
from hypothesis import strategies as st

from survey.web.pages.page_cache import (
    FORM_ID_PLACEHOLDER,
    CompressedPage,
    PageCache,
    inline_assets,
    minify_css,
    takes_gzip,
)

texts = st.text(st.characters(exclude_categories=["Cs", "Co"]))


@given(texts, texts, st.binary(max_size=100))
def test_a_form_id_put_in_gives_the_page_that_was_drawn(before: str, after: str, form_id: bytes) -> None:
    page = CompressedPage(before + FORM_ID_PLACEHOLDER + after)
    wanted = before.encode() + form_id + after.encode()
    assert gzip.decompress(page.as_gzip(form_id)) == wanted
    assert page.as_plain(form_id) == wanted
    assert brotli.decompress(page.as_brotli(form_id)) == wanted


@given(texts)
def test_a_page_without_a_form_id(text: str) -> None:
    assert (
        gzip.decompress(CompressedPage(text).as_gzip())
        == brotli.decompress(CompressedPage(text).as_brotli())
        == text.encode()
    )


@given(st.binary(min_size=76, max_size=76), st.binary(min_size=76, max_size=76))
def test_the_compressed_length_does_not_depend_on_the_form_id(one: bytes, other: bytes) -> None:
    page = CompressedPage("a" * 5000 + FORM_ID_PLACEHOLDER + "</form></html>")
    assert len(page.as_gzip(one)) == len(page.as_gzip(other))
    assert len(page.as_brotli(one)) == len(page.as_brotli(other))


def test_the_shelf_keeps_what_is_used_and_no_more_than_it_has_room_for() -> None:
    drawn: list[str] = []

    def draw(name: str) -> str:
        drawn.append(name)
        return name

    shelf = PageCache(max_pages=2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert shelf.get(name, lambda name=name: draw(name)).as_plain().decode() == name  # type: ignore[misc]
    assert drawn == ["a", "b", "c", "b"]


def test_who_takes_gzip() -> None:
    assert takes_gzip("gzip, deflate, br")
    assert takes_gzip("*")
    assert not takes_gzip("gzip;q=0, br")
    assert not takes_gzip("")


def test_shrinking_a_stylesheet_loses_nothing_but_room() -> None:
    assert minify_css("/* x */ a , b { color: red; inset: 0 1px }\n@media (a: b) { c { d: e } }") == (
        "a,b{color:red;inset:0 1px}@media (a:b){c{d:e}}"
    )
    assert len(inline_assets().css) > 3000
