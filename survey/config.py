"""Every setting: name, default, one line of help. Read once, at start, for the web, the worker and the command line.

The instance folder's `config.toml` holds what differs from the defaults. A missing secret, an unknown name or a
value of the wrong kind stops the start with a sentence that says which.
"""

import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, cast

import click

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(click.ClickException):
    """The instance can't start with these settings; the text says why, and the command line shows it as it stands."""


def _setting(help_: str, default: Any = MISSING) -> Any:
    return field(default=default, metadata={"help": help_})


@dataclass(frozen=True)
class Settings:
    """The settings of one instance."""

    instance: Path = _setting("the instance folder; not set in the file")
    secret: str = _setting("at least 32 random characters; signs form ids and the staff's sessions")
    database: str = _setting("SQLAlchemy address; empty: survey.sqlite in the instance folder", "")
    private_keys: str = _setting("folder of the batches' private keys, on a volume of its own; the worker's alone", "")
    pepper_keys: str = _setting("folder of the rounds' peppers, on a volume of its own; read by the web", "")
    keys_not_backed_up: bool = _setting("the operator's word that no backup or snapshot holds the key volumes", False)
    demo: bool = _setting("invented answers; keys may lie beside them, and every page says so", False)
    region_name: str = _setting("who sends the survey", "Region Jämtland Härjedalen")
    unit_word: str = _setting("what a unit is called here", "hälsocentral")
    resident_address: str = _setting("where residents reach it, https://…, for links and posters; empty: as here", "")
    staff_address: str = _setting("where staff reach it, https://…, for passkeys and OIDC; empty: as reached", "")
    oidc_issuer: str = _setting("the OpenID provider that staff may sign in through, https://…; empty: none", "")
    oidc_client_id: str = _setting("who we are there", "")
    oidc_client_secret: str = _setting("and our secret", "")
    oidc_mfa: tuple[str, ...] = _setting("what shows that two factors were used, amr=mfa or acr=…; one is enough", ())
    ca_file: str = _setting("PEM file of the authorities trusted when other servers are asked; empty: the system's", "")
    contact: str = _setting("where a reader turns with a question about the survey", "")
    open_an_hour: int = _setting("answers by open link, and by each kiosk, that a unit may get in an hour", 60)
    open_a_day_for_each: int = _setting("the same in a day, for each who works there", 5)
    mail_host: str = _setting("the mail server; empty: units send no e-mail from here", "")
    mail_port: int = _setting("its port", 587)
    mail_security: str = _setting("starttls, tls or none", "starttls")
    mail_user: str = _setting("who we are there; empty: no sign-in", "")
    mail_password: str = _setting("and our password", "")
    mail_sender: str = _setting("the address that messages come from", "")
    mail_a_minute: int = _setting("how many messages at most", 300)
    sms_url: str = _setting("the SMS gateway's address; empty: units send no SMS from here", "")
    sms_json: bool = _setting("the gateway takes JSON, else a form", False)
    sms_fields: tuple[str, ...] = _setting("what it is sent, name=value with {to}, {text}, {id}", ())
    sms_headers: tuple[str, ...] = _setting("headers that it wants, name=value", ())
    sms_a_minute: int = _setting("how many SMS at most", 60)
    languages_off: tuple[str, ...] = _setting("tags of languages that are not offered", ())
    session_cookie_secure: bool = _setting("the staff's cookie over https only; false for a trial on loopback", True)
    second_factor: str = _setting("offered, or required before any staff page is shown", "offered")
    max_request_kb: int = _setting("a larger body is refused", 64)
    least_free_mb: int = _setting("with less room on the database's disk the health page turns red", 256)
    ballast_mb: int = _setting("size of the file beside a SQLite database that is deleted to make room", 16)

    @property
    def database_url(self) -> str:
        """The database address, with the default filled in."""
        return self.database or f"sqlite:///{self.instance / 'survey.sqlite'}"

    @property
    def private_folder(self) -> Path:
        """Where the private keys live."""
        return self.instance / (self.private_keys or "keys/private")

    @property
    def pepper_folder(self) -> Path:
        """Where the peppers live."""
        return self.instance / (self.pepper_keys or "keys/pepper")

    @property
    def authorities(self) -> Path | None:
        """The file or folder of the authorities that we trust when we ask other servers; None where none is found."""
        if self.ca_file:
            return self.instance / self.ca_file
        system = ssl.get_default_verify_paths()
        return next((Path(found) for found in (system.cafile, system.capath) if found and Path(found).exists()), None)


def instance_folder(root: Path, environ: Mapping[str, str]) -> Path:
    """The instance folder: INSTANCE, else `instance` in the checkout."""
    return Path(environ.get("INSTANCE") or root / "instance").resolve()


def read_settings(instance: Path) -> Settings:
    """Read `config.toml`; raises SettingsError with every fault at once."""
    path = instance / "config.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"There is no config.toml in {instance}. `make run` makes one for a trial.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"config.toml can't be read: {error}") from None
    faults = _faults(found)
    if faults:
        raise SettingsError("config.toml: " + " ".join(faults))
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    settings = Settings(instance=instance, **cast(dict[str, Any], values))
    _refuse_useless_authorities(settings)
    return settings


def _refuse_useless_authorities(settings: Settings) -> None:
    try:
        if settings.ca_file:
            ssl.create_default_context(cafile=str(settings.authorities))
    except OSError as error:  # ssl.SSLError is one
        raise SettingsError(f"config.toml: ca_file can't be used ({error}): it must be a PEM file.") from None


def _faults(found: Mapping[str, Any]) -> list[str]:
    known = {entry.name: entry for entry in fields(Settings) if entry.name != "instance"}
    faults = [f"{name} is no setting." for name in found if name not in known]
    for name, entry in known.items():
        if name not in found:
            continue
        kind = list if entry.default == () else str if entry.default is MISSING else type(entry.default)
        if not isinstance(found[name], kind):
            faults.append(f"{name} must be of the kind {kind.__name__}: {entry.metadata['help']}.")
    if found.get("mail_security", "none") not in ("starttls", "tls", "none"):
        faults.append(f"mail_security must be {known['mail_security'].metadata['help']}.")
    if found.get("mail_host") and "@" not in str(found.get("mail_sender", "")):
        faults.append(f"mail_sender is missing: {known['mail_sender'].metadata['help']}.")
    if found.get("second_factor", "offered") not in ("offered", "required"):
        faults.append(f"second_factor must be {known['second_factor'].metadata['help']}.")
    faults += _faults_of_oidc(found)
    if len(str(found.get("secret", ""))) < 32:
        faults.append(f"secret is missing or short: {known['secret'].metadata['help']}.")
    return faults


def _faults_of_oidc(found: Mapping[str, Any]) -> list[str]:
    if not (issuer := str(found.get("oidc_issuer", ""))):
        return []
    faults = [] if found.get("oidc_client_id") else ["oidc_client_id is missing."]
    if not issuer.startswith("https://") and found.get("session_cookie_secure", True):
        faults.append("oidc_issuer must begin with https://.")
    pairs = found.get("oidc_mfa", [])
    if not pairs or not all(str(pair).startswith(("amr=", "acr=")) for pair in pairs):
        faults.append("oidc_mfa must say what shows that two factors were used, for instance amr=mfa.")
    return faults
