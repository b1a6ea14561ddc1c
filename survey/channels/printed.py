"""From a drawn page to a PDF that a screen reader can read (PDF/UA). For slips, letters, posters and forms.

WeasyPrint stands on libraries of the system (Pango, HarfBuzz). Where they are missing the page is handed over as it
is, to be printed by the browser.
"""

from survey.channels.channel import Made


def printed(page: str) -> Made:
    """The page as a PDF, or as itself."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        return Made("html", "text/html; charset=utf-8", page.encode())
    # Only what stands in the page itself: no file, no address.
    fetcher = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    content: bytes = HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1")
    return Made("pdf", "application/pdf", content)
