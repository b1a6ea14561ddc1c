"""Films in sign language: the operator's own files, found by name in the instance folder, and never anybody else's.

For the residents' sheet. `sign-language/<version>/<question>.mp4` (or `.webm`) is the film of a question in a version,
`introduction.mp4` that of the first page, and a `.vtt` of the same name has its captions. They are looked for once, at
the start, and only what was found then is ever served.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, request, send_file
from werkzeug.datastructures import ContentRange
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from survey import journal
from survey.domain.questions.answer_scale import QUESTIONS
from survey.web.i18n.language import languages
from survey.web.request import services

blueprint = Blueprint("sign_films", __name__)
FOLDER = "sign-language"
INTRODUCTION = "introduction"
LARGEST_MB = 16  # a reply lies in memory while it is sent
_FILMS = {".mp4": "video/mp4", ".webm": "video/webm"}
_CAPTIONS = ".vtt"
_TYPES = {**_FILMS, _CAPTIONS: "text/vtt"}
_NAMES = (INTRODUCTION, *QUESTIONS)
_SIGNED = "swl"  # the language whose own name says what the film is in


@dataclass(frozen=True)
class Film:
    """A film's address, what its language calls itself, and the address of its captions where it has any."""

    source: str
    language: str
    captions: str = ""


def init_sign_films(app: Flask) -> None:
    """Look for the films of this instance."""
    with app.app_context():
        app.extensions["sign_films"] = _found(services.settings().instance, services.versions())
    app.register_blueprint(blueprint)


def has_films(app: Flask) -> bool:
    """Return whether any page of this app shows a film, so that its policy has to let films in."""
    return bool(app.extensions.get("sign_films"))


def films_of(version: str) -> Mapping[str, Film]:
    """Return the films of a version by the key of their question, and the introduction's."""
    files, signed = _files(), languages().get(_SIGNED)
    shown: dict[str, Film] = {}
    for name in _NAMES:
        there = [f"/{FOLDER}/{version}/{name}{end}" for end in _TYPES if (version, f"{name}{end}") in files]
        captions = [each for each in there if each.endswith(_CAPTIONS)]
        if signed and there != captions:
            shown[name] = Film(there[0], signed.name, "".join(captions))
    return shown


@blueprint.get(f"/{FOLDER}/<version>/<name>")
def film(version: str, name: str) -> Response:
    """Give a film or its captions, or the part of it that is asked for."""
    path = _files().get((version, name))
    if path is None:
        abort(404)
    try:
        size = path.stat().st_size
        reply = send_file(path, mimetype=_TYPES[path.suffix], conditional=_asks_for_a_part(size), etag=False)
    except FileNotFoundError:  # taken away since the start
        abort(404)
    except RequestedRangeNotSatisfiable:
        reply = Response(status=416)
        reply.content_range = ContentRange("bytes", None, None, size)
    reply.accept_ranges = "bytes"
    return reply


def _asks_for_a_part(size: int) -> bool:
    """Return whether one part is asked for, smaller than the whole; who asks otherwise gets it whole."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return False
    [(begin, _end)] = asked.ranges
    return begin > -size


def _files() -> Mapping[tuple[str, str], Path]:
    return cast(Mapping[tuple[str, str], Path], current_app.extensions["sign_films"])


def _found(instance: Path, versions: Mapping[str, object]) -> dict[tuple[str, str], Path]:
    """Return the files there are, by version and name. What is named otherwise is none of the survey's."""
    wanted = {(version, f"{name}{end}") for version in versions for name in _NAMES for end in _TYPES}
    there = {key: instance.joinpath(FOLDER, *key) for key in wanted}
    found = {key: path for key, path in there.items() if path.is_file()}
    for key in [key for key, path in found.items() if path.stat().st_size > LARGEST_MB * 1024 * 1024]:
        journal.warn("film not shown", version=key[0], file=key[1], why="too-large")
        del found[key]
    return found
