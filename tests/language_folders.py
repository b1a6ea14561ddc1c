"""Language folders for tests: among them the languages that Flask-Babel knows no way to."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from survey.web.i18n import approved_texts
from survey.web.i18n.language import TRANSLATIONS

RECORDS = {
    "sv": ("Svenska", "A", "ltr", "sv", ""),
    "sv-x-lattlast": ("Lättläst svenska", "A", "ltr", "sv", 'html_lang = "sv"'),
    "en": ("English", "B", "ltr", "en_GB", ""),
    "ar": ("العربية", "B", "rtl", "ar", ""),
    "fa-AF": ("دری", "C", "rtl", "fa_AF", 'also = ["prs"]'),
    "fa": ("فارسی", "C", "rtl", "fa", ""),
    "kmr": ("Kurmancî", "C", "ltr", "kmr", 'also = ["ku"]'),
    "fit": ("meänkieli", "D", "ltr", "sv", ""),
}

# what a resident may choose of the shipped languages, in the menu's order; a demo shows the rest of the drafts too
OFFERED = ("sv", "sv-x-lattlast", "ar", "en", "es", "fi", "pl", "ru", "uk")
SHOWN = (*OFFERED, "bs", "ckb", "fa", "fa-AF", "kmr", "so", "th", "ti", "tr")


def copy_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the shipped languages to where they may change, and let the pages go by the copy."""
    copied = tmp_path / "translations"
    shutil.copytree(TRANSLATIONS, copied)
    monkeypatch.setattr(approved_texts, "TRANSLATIONS", copied)
    return copied


def add_language(
    root: Path, tag: str, texts: Mapping[str, str] | None = None, note: str = "", review_class: str = ""
) -> Path:
    """Make the folder of one of RECORDS under `root/translations`; `note` is a comment on every text."""
    name, its_class, direction, locale, more = RECORDS[tag]
    folder = root / "translations" / tag
    (folder / "LC_MESSAGES").mkdir(parents=True)
    (folder / "language.toml").write_text(
        f'tag = "{tag}"\nname = "{name}"\nclass = "{review_class or its_class}"\n'
        f'direction = "{direction}"\nlocale = "{locale}"\n{more}\n',
        encoding="utf-8",
    )
    if texts is not None:
        (folder / "LC_MESSAGES" / "messages.po").write_text(po(texts, tag, note), encoding="utf-8")
    return folder


def po(texts: Mapping[str, str], tag: str = "en", note: str = "") -> str:
    """A catalog as a translator's tool writes it."""
    header = f'msgid ""\nmsgstr ""\n"Language: {tag}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    comment = f"# {note}\n" if note else ""
    entries = (f'\n{comment}#: a.html\nmsgid "{text}"\nmsgstr "{turned}"\n' for text, turned in texts.items())
    return header + "".join(entries)
