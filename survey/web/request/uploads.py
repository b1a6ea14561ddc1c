"""Uploads from staff, read in memory: a list of addresses must never lie in a folder for passing files."""

from io import BytesIO
from typing import IO

from flask import Request, request

from survey.domain.text.clean_text import clean_text
from survey.domain.text.text_encodings import UndecodableFile, decode_text


class InMemoryRequest(Request):
    """A request whose files stay in memory. Their largest size is the view's to say, as for any form."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        # Werkzeug's own would write what is over 500 kB to a file.
        return BytesIO()


def uploaded_text() -> str:
    """Return the text of the file that the form brings; raise UndecodableFile where it brings none that can be read."""
    return clean_text(decode_text(content_sent()))


def content_sent() -> bytes:
    """Return what is in the file that the form brings; raise UndecodableFile where it brings none, or an empty one."""
    file = request.files.get("file")
    if not file or not file.filename:
        raise UndecodableFile("no_file")
    content: bytes = file.read()
    file.close()
    if not content.strip():
        raise UndecodableFile("empty_file")
    return content
