"""Pages compressed once, with the form id and what differs between units put in each time."""

import gzip
import re

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.web.pages.compressed_page import FORM_ID_PLACEHOLDER, CompressedPage, placeholder
from survey.web.pages.packed_blocks import BROTLI, DEFLATE
from survey.web.pages.page_cache import PageCache, inline_assets, minify_css, takes_gzip

texts = st.text(st.characters(exclude_categories=["Cs", "Co"]))
NAME, ADDRESS = placeholder(), placeholder()
WIDTH = 60
META = '<meta charset="utf-8">'
# As in a page: a title, an attribute, a name that stands twice in one form, and words between that repeat each other.
UNIT_PAGE = (
    f"<!doctype html>\n<html>{META}<title>De 7 frågorna – {NAME}</title><style>{inline_assets().css}</style><body>"
    f'<h1>De 7 frågorna</h1><span>{NAME}</span><form action="{ADDRESS}/sv" method="post"><p>Du som har kontakt med '
    f"<span>{NAME}</span>. Svaren på de 7 frågorna.</p>{'<label>Ja</label><label>Nej</label>' * 30}"
    f'<a href="{ADDRESS}">Börja om</a><input name="form_id" value="{FORM_ID_PLACEHOLDER}"></form></body></html>'
)
A_FORM_ID = b"f" * 76
_PUT_IN = re.compile(r"<!--.*?-->| {2,}(?=>)| (?= )")


@given(texts, texts, st.binary(max_size=100))
def test_a_form_id_put_in_gives_the_page_that_was_drawn(before: str, after: str, form_id: bytes) -> None:
    page = CompressedPage(before + FORM_ID_PLACEHOLDER + after)
    wanted = before.encode() + form_id + after.encode()
    assert gzip.decompress(page.as_gzip(form_id)) == wanted
    assert page.as_plain(form_id) == wanted
    assert brotli.decompress(page.as_brotli(form_id)) == wanted


@given(texts)
def test_a_page_without_a_form_id(text: str) -> None:
    page = CompressedPage(text)
    assert gzip.decompress(page.as_gzip()) == brotli.decompress(page.as_brotli()) == text.encode()


@given(st.binary(min_size=76, max_size=76), st.binary(min_size=76, max_size=76))
def test_the_compressed_length_does_not_depend_on_the_form_id(one: bytes, other: bytes) -> None:
    page = CompressedPage("a" * 5000 + FORM_ID_PLACEHOLDER + "</form></html>")
    assert len(page.as_gzip(one)) == len(page.as_gzip(other))
    assert len(page.as_brotli(one)) == len(page.as_brotli(other))


ONE_PAGE = CompressedPage(UNIT_PAGE, {NAME: WIDTH, ADDRESS: WIDTH})


def as_drawn(name: str, address: str) -> str:
    """The page as a template would have drawn it for this unit alone."""
    drawn = UNIT_PAGE.replace(ADDRESS, address).replace(NAME, name)
    return drawn.replace(FORM_ID_PLACEHOLDER, A_FORM_ID.decode())


@given(st.binary(max_size=WIDTH), st.binary(max_size=WIDTH))
def test_whatever_is_put_in_is_in_the_page_in_each_compression(name: bytes, address: bytes) -> None:
    values = {NAME: name, ADDRESS: address}
    plain = ONE_PAGE.as_plain(A_FORM_ID, values)
    assert plain.count(name) >= 5 and plain.count(address) >= 4
    assert gzip.decompress(ONE_PAGE.as_gzip(A_FORM_ID, values)) == plain
    assert brotli.decompress(ONE_PAGE.as_brotli(A_FORM_ID, values)) == plain


@pytest.mark.parametrize(
    "name",
    ["B", "Frösö hälsocentral", "عيادة الأطفال", "&lt;b&gt; &#34;A&amp;B&#34; --", NAME, ADDRESS],
    ids=["short", "letters", "arabic", "markup", "placeholder", "other placeholder"],  # two are drawn by chance
)
def test_but_for_a_comment_and_some_spaces_it_is_the_page_drawn_for_the_unit(name: str) -> None:
    plain = ONE_PAGE.as_plain(A_FORM_ID, {NAME: name.encode(), ADDRESS: b"/s/froso"}).decode()
    assert _PUT_IN.sub("", plain) == as_drawn(name, "/s/froso")
    assert ONE_PAGE.is_packed


def test_the_page_says_its_encoding_before_what_is_put_in() -> None:
    plain = ONE_PAGE.as_plain(A_FORM_ID, {NAME: b"B", ADDRESS: b"/s/b"})
    assert plain.index(META.encode()) < plain.index(b"<!--") < plain.index(b"<title>")


def test_a_value_that_is_too_wide_or_in_a_wrong_place_is_refused() -> None:
    with pytest.raises(ValueError, match="wider"):
        ONE_PAGE.as_gzip(A_FORM_ID, {NAME: b"x" * (WIDTH + 1), ADDRESS: b""})
    with pytest.raises(ValueError, match="no spaces"):
        CompressedPage(f"<!doctype html>{META}<p>{NAME} och mera</p>", {NAME: WIDTH})
    with pytest.raises(ValueError, match="encoding"):
        CompressedPage(f"<!doctype html><p>{NAME}</p>", {NAME: WIDTH})


def test_a_page_that_copies_from_too_far_is_compressed_for_each_reply() -> None:
    """Gzip looks back over 32 kilobytes and no further."""
    far = "".join(f"<i>{number * 7919}</i>" for number in range(4000))
    page = CompressedPage(f"<!doctype html>{META}<p>{NAME}</p>{far}<p>{NAME}</p>", {NAME: WIDTH})
    values = {NAME: b"Ytterst"}
    assert not page.is_packed
    plain = page.as_plain(b"", values)
    assert plain.count(b"<p>Ytterst</p") == 2
    assert gzip.decompress(page.as_gzip(b"", values)) == brotli.decompress(page.as_brotli(b"", values)) == plain


@pytest.mark.parametrize(
    "count", [1, 2, 3, 5, 6, 9, 10, 33, 34, 65, 66, 129, 130, 321, 322, 577, 578, 1089, 1090, 2113]
)
def test_a_run_of_spaces(count: int) -> None:
    lead, more = BROTLI.packer()(b"abc"), BROTLI.stored(b"xy")
    assert BROTLI.unpack(lead + BROTLI.spaces(count) + more) == b"abc" + b" " * count + b"xy"
    assert DEFLATE.unpack(DEFLATE.spaces(count) + DEFLATE.stored(b"xy")) == b" " * count + b"xy"
    assert len(BROTLI.spaces(count)) <= 12


def test_the_cache_keeps_what_is_used_and_no_more_than_it_may() -> None:
    drawn: list[str] = []

    def draw(name: str) -> str:
        drawn.append(name)
        return name

    pages = PageCache(max_pages=2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert pages.get(name, lambda name=name: draw(name)).as_plain().decode() == name  # type: ignore[misc]
    assert drawn == ["a", "b", "c", "b"]


def test_who_takes_gzip() -> None:
    assert takes_gzip("gzip, deflate, br")
    assert takes_gzip("*")
    assert not takes_gzip("gzip;q=0, br")
    assert not takes_gzip("")


def test_minifying_a_stylesheet_loses_nothing_but_bytes() -> None:
    assert minify_css("/* x */ a , b { color: red; inset: 0 1px }\n@media (a: b) { c { d: e } }") == (
        "a,b{color:red;inset:0 1px}@media (a:b){c{d:e}}"
    )
    assert len(inline_assets().css) > 3000
