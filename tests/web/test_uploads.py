"""A file that is sent never lies on a disk, whatever its size, on any page of any part."""

import tempfile
from pathlib import Path

import pytest
from flask import Request, request

from tests.answering import make_answering

LARGE = 2_000_000
FORM = "multipart/form-data; boundary=between"
# Written out, because the test client of the framework puts large files down itself.
BODY = (
    b'--between\r\nContent-Disposition: form-data; name="file"; filename="lista.csv"\r\n\r\n' + b"a" * LARGE
    + b'\r\n--between\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"b" * LARGE + b"\r\n--between--\r\n"
)  # fmt: skip


@pytest.fixture
def no_passing_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing can be put down for a while: who tries, fails."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))


def sent(rules: Request) -> bytes:
    """What comes of a large file, and of a large part that is none."""
    rules.max_content_length = rules.max_form_memory_size = 2 * LARGE + 10_000
    return rules.files["file"].read() + rules.form["text"].encode()


@pytest.mark.usefixtures("no_passing_files")
@pytest.mark.parametrize("part", ["all", "resident", "staff"])
def test_a_large_file_stays_in_memory(part: str, tmp_path: Path) -> None:
    made = make_answering(tmp_path / "instance", part=part)
    with made.app.test_request_context("/", method="POST", data=BODY, content_type=FORM):
        assert sent(request) == b"a" * LARGE + b"b" * LARGE


def test_control_the_frameworks_own_request_puts_it_down(
    no_passing_files: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_answering(tmp_path / "instance")
    monkeypatch.setattr(made.app, "request_class", Request)
    context = made.app.test_request_context("/", method="POST", data=BODY, content_type=FORM)
    with context, pytest.raises(FileNotFoundError):
        sent(request)
