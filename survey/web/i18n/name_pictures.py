"""Pictures of how the languages' names look, drawn by `python -m tests.name_pictures`. For who pairs a kiosk."""

from base64 import b64encode

from survey.web.i18n.language import TRANSLATIONS, Language


def name_picture(language: Language) -> str:
    """Return a picture of how the language's name looks, as an address of data; none where it is in Latin letters."""
    try:
        drawn = (TRANSLATIONS / language.tag / "name.png").read_bytes()
    except FileNotFoundError:
        return ""
    return f"data:image/png;base64,{b64encode(drawn).decode()}"
