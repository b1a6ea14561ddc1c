"""A file that staff send is read in memory: a list of addresses must never lie in a folder for passing files."""

from io import BytesIO
from typing import IO

from flask import Request


class InMemory(Request):
    """A request whose files stay in memory. How large they may be is the view's to say, as for any form."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        # Werkzeug's own would write what is over 500 kB to a file.
        return BytesIO()
