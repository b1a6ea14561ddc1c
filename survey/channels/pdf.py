"""Tagged PDF (PDF/UA), which a screen reader can read, from a drawn page. For slips, letters, posters and forms.

WeasyPrint stands on libraries of the system (Pango, HarfBuzz). Where they are missing the page is handed over as it
is, to be printed by the browser.
"""

from typing import Any

from survey.channels.channel import OutputFile

_MM_A_PX = 25.4 / 96


def render_pdf(page: str) -> OutputFile:
    """Return the page as a PDF, or as itself where WeasyPrint's libraries are missing."""
    html = _html(page)
    if html is None:
        return OutputFile("html", "text/html; charset=utf-8", page.encode())
    content: bytes = html.write_pdf(pdf_variant="pdf/ua-1")
    return OutputFile("pdf", "application/pdf", content)


def measure_end(page: str) -> float | None:
    """Return where the element `end` of a drawn page ends, in mm from the top; None where it can't be measured.

    Names and languages are of any length: what is printed is laid out once and looked at, instead of guessed.
    """
    html = _html(page)
    if html is None:
        return None
    pages = html.render().pages
    above = sum(each.height for each in pages[:-1])
    return float((above + pages[-1].anchors["end"][1]) * _MM_A_PX)


def _html(page: str) -> Any:
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        return None
    # Only what stands in the page itself: no file, no address.
    return HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=("data",), fail_on_errors=True))
