"""Forms that met an ended sign-in, or a question for the password, and their way back to the person who wrote them.

It travels sealed inside the page through the sign-in, and is stored nowhere: the server keeps nothing of it, and who
comes to the screen can't read it without signing in as the person who wrote it. Only what stood on one of our own pages
is taken, so that no other site can put words in somebody's mouth; passwords, files and sheets of answers never are.
"""

import json
import zlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import cast

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app, render_template, request, session
from flask_login import current_user
from itsdangerous import BadSignature

from survey.web.request import services
from survey.web.request.sessions import StaffSessions, is_staff

FIELD = "kept_form"
JOURNEYS = frozenset({"admin", "care_unit", "followup", "translation"})
NOT_TAKEN = frozenset({"care_unit.data_entry.submit_answers", "translation.turn_page"})
MARKS = ("csrf_token", "filled_from", "shown", "revision", "version", FIELD)
MAX_SIZE = 40 * 1024
MAX_CHARACTERS = 1024 * 1024
GOOD_FOR = 12 * 60 * 60


@dataclass(frozen=True)
class SavedForm:
    """A form as it was written: where it was going, and its fields."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @property
    def words(self) -> list[str]:
        """Return the texts that somebody wrote, to be read and copied; codes and choices are not."""
        return [text for name, text in self.fields if name != "list" and " " in text.strip()]


def seal_form() -> str:
    """Return what this request has written, sealed; as it came, where it is on its way through a sign-in already."""
    if on_its_way := request.form.get(FIELD, ""):
        return on_its_way
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return ""
    fields = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    files = any(file.filename for file in request.files.values())
    if files or not _is_taken() or not any(text.strip() for name, text in fields if name not in MARKS):
        return ""
    parts = json.dumps([_whose(), request.full_path.rstrip("?"), fields])
    found = _fernet().encrypt(zlib.compress(parts.encode())).decode()
    return found if len(found) <= MAX_SIZE else ""


def open_form(token: str | None = None) -> SavedForm | None:
    """Return what comes back to the person who is signed in now; None when it is somebody else's, too old or none."""
    token = request.form.get(FIELD, "") if token is None else token
    try:
        packed = zlib.decompressobj()
        raw = packed.decompress(_fernet().decrypt(token.encode(), GOOD_FOR), MAX_CHARACTERS)
        whose, address, fields = json.loads(raw)
    except (InvalidToken, zlib.error, ValueError):
        return None
    mine = whose is None or whose == current_user.id
    return SavedForm(address, tuple((name, text) for name, text in fields)) if mine else None


def send_again(saved: SavedForm) -> str:
    """Return the page that has what was written, and a button that sends it."""
    return render_template("account/saved_form.html", saved=saved)


def _is_taken() -> bool:
    """Return whether the form is one of the staff's pages', and none that holds answers."""
    return bool(JOURNEYS & set(request.blueprints)) and request.endpoint not in NOT_TAKEN


def _whose() -> int | None:
    """Return who was signed in when the page was shown, as far as the cookie says; its age is no matter here."""
    known = session.get("person")
    if known is None:
        serializer = cast(StaffSessions, current_app.session_interface).get_signing_serializer(current_app)
        cookie = request.cookies.get(str(current_app.config["SESSION_COOKIE_NAME"]), "")
        try:
            known = serializer.loads(cookie).get("person") if serializer and is_staff(request.path) else None
        except BadSignature:
            return None
    return cast("int | None", known)


def _fernet() -> Fernet:
    key = HKDF(SHA256(), 32, None, b"kept forms").derive(services.settings().secret.encode())
    return Fernet(urlsafe_b64encode(key))
