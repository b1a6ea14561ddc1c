"""Films in sign language for tests: what an operator lays into the instance folder."""

from pathlib import Path

from survey.web.pages import sign_films

FILM = bytes(range(256)) * 16
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nHar du enkla sätt att ta kontakt med vården?\n"
FILMED = "/sign-language/underlag-2021/kontaktvagar"


def put_films(instance: Path) -> None:
    """The introduction, one question with captions, captions without a film, and what is none of the survey's."""
    folder = instance / sign_films.FOLDER / "underlag-2021"
    folder.mkdir(parents=True)
    for name in ("introduction.webm", "kontaktvagar.mp4", "notes.mp4"):
        (folder / name).write_bytes(FILM)
    for name in ("kontaktvagar.vtt", "trygghet.vtt"):
        (folder / name).write_text(CAPTIONS, encoding="utf-8")
    (instance / sign_films.FOLDER / "kontaktvagar.mp4").write_bytes(FILM)
