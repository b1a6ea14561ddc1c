"""Both `config.toml` as `flask init` writes them: what was answered, a line of help above each, and the secrets."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from survey.cli.install.accounts import OWNER
from survey.cli.install.answers import Answers
from survey.config import Settings, read_settings, resident_secret

FILE = "config.toml"
_HELP: Mapping[str, str] = {entry.name: entry.metadata["help"] for entry in fields(Settings)}
_ABOVE = "# What else can be set stands in docs/operating.md. Nobody but its readers may read this file.\n"
PRIVATE, PEPPER = "private", "peppers"


def new_secret() -> str:
    """Return a secret by chance."""
    return secrets.token_urlsafe(48)


def inner_settings(answers: Answers, secret: str) -> dict[str, Any]:
    """Return the settings of the staff's part, the worker and the command line."""
    return {"secret": secret, "database": answers.database, **_shared(answers), "staff_address": answers.staff_address}


def resident_settings(answers: Answers, secret: str, database: str) -> dict[str, Any]:
    """Return the settings of residents' part: no secret of the staff's, and a role of its own in the database."""
    return {"resident_secret": resident_secret(secret), "database": database, **_shared(answers)}


def _shared(answers: Answers) -> dict[str, Any]:
    trial = {"demo": True, "session_cookie_secure": False} if answers.trial else {}
    volumes = {"private_keys": (answers.private_volume, PRIVATE), "pepper_keys": (answers.pepper_volume, PEPPER)}
    return {
        **{name: str(Path(volume) / folder) for name, (volume, folder) in volumes.items() if volume},
        "keys_not_backed_up": answers.keys_not_backed_up,
        "resident_address": answers.resident_address,
        "region_name": answers.region_name,
        "contact": answers.contact,
        **trial,
    }


def resident_database(answers: Answers, instance: Path) -> str:
    """Return the database's address for residents' part: on PostgreSQL by a role and a password of its own."""
    if not answers.on_postgres:
        return answers.database or f"sqlite:///{instance / 'survey.sqlite'}"
    url = sa.make_url(answers.database)
    password = secrets.token_urlsafe(24) if url.password else None
    role = role_of("resident", url)
    return url.set(username=role, password=password).render_as_string(hide_password=False)


def role_of(part: str, inner: sa.URL) -> str:
    """Return a part's role in the database: called after the owner, whom the address may leave out."""
    return f"{inner.username or OWNER}_{part}"


def as_toml(settings: Mapping[str, Any]) -> str:
    """Return the file's text; a setting without a value is left at its default."""
    lines = [_ABOVE]
    for name, value in settings.items():
        if value != "":
            # JSON's texts, booleans and numbers are TOML's too.
            lines.append(f"# {_HELP[name]}\n{name} = {json.dumps(value, ensure_ascii=False)}\n")
    return "\n".join(lines)


def check_settings(text: str, part: str) -> None:
    """Raise SettingsError with every fault that this file would stop a part's start with."""
    with TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_text(text, encoding="utf-8")
        read_settings(Path(folder), part)
