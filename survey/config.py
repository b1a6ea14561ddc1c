"""Every setting: name, default, one line of help. Read once, at start, for the web, the worker and the command line.

The instance folder's `config.toml` holds what differs from the defaults. A missing secret, an unknown name or a
value of the wrong kind stops the start with a sentence that says which.
"""

import re
import ssl
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import click
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey.domain.disclosure.protection import EPSILONS, Protection, parse_epsilon, protection_faults
from survey.domain.disclosure.thresholds import MIN_RESIDENT_GROUP
from survey.domain.staff.oidc_settings import oidc_faults
from survey.domain.text.web_address import AddressFault, parse_base, parse_origin

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(click.ClickException):
    """A fault in the settings that stops the start; the text says why, and the command line shows it as it stands."""


def _setting(
    help_: str, default: Any = MISSING, *, choices: tuple[str, ...] = (), address: Callable[..., str] | None = None
) -> Any:
    """Declare one setting; `choices`: its allowed words, `address`: the parser of a web address."""
    return field(default=default, metadata={"help": help_, "choices": choices, "address": address})


@dataclass(frozen=True)
class Settings:
    """The settings of one instance."""

    instance: Path = _setting("the instance folder; not set in the file")
    secret: str = _setting("at least 32 random characters; every key of ours is derived from it", "")
    resident_secret: str = _setting("what `flask secret resident` prints; in the resident part's own file, alone", "")
    database: str = _setting("SQLAlchemy address; empty: survey.sqlite in the instance folder", "")
    private_keys: str = _setting("folder of the batches' private keys, on a volume of its own; the worker's alone", "")
    pepper_keys: str = _setting("folder of the rounds' peppers, on a volume of its own; read by the web", "")
    keys_not_backed_up: bool = _setting("the operator's word that no backup or snapshot holds the key volumes", False)
    demo: bool = _setting("invented answers; keys may lie beside them, and every page says so", False)
    region_name: str = _setting("who sends the survey", "Region Jämtland Härjedalen")
    unit_word: str = _setting("what a unit is called here", "hälsocentral")
    resident_address: str = _setting(
        "where residents reach it, https://…; stands in every link; empty in a demo alone", "", address=parse_origin
    )
    staff_address: str = _setting(
        "where staff reach it, https://…; links, passkeys, OIDC need it; empty in a demo alone",
        "",
        address=parse_origin,
    )
    oidc_issuer: str = _setting("the OpenID provider of the staff, https://…; empty: none", "", address=parse_base)
    oidc_client_id: str = _setting("who we are there", "")
    oidc_client_secret: str = _setting("and our secret", "")
    oidc_mfa_claims: tuple[str, ...] = _setting("what shows that two factors were used: amr=mfa or acr=…", ())
    ca_file: str = _setting("PEM file of the authorities trusted when other servers are asked; empty: the system's", "")
    contact: str = _setting("where a reader turns with a question about the survey", "")
    open_answers_per_hour: int = _setting("answers by open link, and by each kiosk, that a unit may get in an hour", 60)
    open_answers_per_day_and_head: int = _setting("the same in a day, for each who works there", 5)
    web_processes: int = _setting("processes of the resident part on all hosts, which share what open links may get", 1)
    mail_host: str = _setting("the mail server; empty: units send no e-mail from here", "")
    mail_port: int = _setting("its port", 587)
    mail_security: str = _setting("starttls, tls or none", "starttls", choices=("starttls", "tls", "none"))
    mail_user: str = _setting("who we are there; empty: no sign-in", "")
    mail_password: str = _setting("and our password", "")
    mail_sender: str = _setting("the address messages come from, perhaps with a name: Regionen <e@region.example>", "")
    mail_per_minute: int = _setting("how many messages at most", 300)
    federation_key: str = _setting("file of the key that signs our public editions; empty: federation.pem here", "")
    sms_url: str = _setting("the SMS gateway's address; empty: units send no SMS from here", "", address=parse_base)
    sms_json: bool = _setting("the gateway takes JSON, else a form", False)
    sms_fields: tuple[str, ...] = _setting("what it is sent, name=value with {to}, {text}, {id}", ())
    sms_headers: tuple[str, ...] = _setting("headers that it wants, name=value", ())
    sms_per_minute: int = _setting("how many SMS at most", 60)
    disabled_languages: tuple[str, ...] = _setting("tags of languages that are not offered", ())
    session_cookie_secure: bool = _setting("the staff's cookie over https only; false for a trial on loopback", True)
    second_factor: str = _setting("offered, or required before any page", "offered", choices=("offered", "required"))
    noise_unit: float = _setting("epsilon of the noise in a unit's figures; smaller protects more", 1.0)
    noise_municipality: float = _setting("the same in a municipality's", 0.5)
    noise_region: float = _setting("the same in the region's", 0.25)
    noise_gap_staff: float = _setting("the same in the staff's side of a gap over several units", 0.5)
    noise_gap_residents: float = _setting("the same in the residents' side", 0.25)
    noise_background: float = _setting("the same in the figures of each group of residents", 0.25)
    smallest_group: int = _setting("how many a group of residents has, or it joins the others", MIN_RESIDENT_GROUP)
    max_request_kb: int = _setting("a larger body is refused", 64)
    min_free_mb: int = _setting("with less room on the database's disk the health page turns red", 256)
    disk_reserve_mb: int = _setting("size of the file beside a SQLite database that is deleted to make room", 16)
    log_format: str = _setting("text, or json: each line an object", "text", choices=("text", "json"))
    metrics_port: int = _setting("where the worker tells Prometheus how it is, on loopback alone; 0: nowhere", 0)

    @property
    def protection(self) -> Protection:
        """Return the protection of a round that is opened now."""
        epsilons = {name: parse_epsilon(name, str(getattr(self, f"noise_{name}"))) for name in EPSILONS}
        return Protection(**epsilons, smallest_group=self.smallest_group).at_least_default()

    @property
    def database_url(self) -> str:
        """Return the database address, with the default filled in."""
        return self.database or f"sqlite:///{self.instance / 'survey.sqlite'}"

    def key(self, use: str) -> bytes:
        """Return the staff part's key for one use, 256 bits; no other use's key can be worked out from it."""
        return derived(self.secret, use)

    def resident_key(self, use: str) -> bytes:
        """Return the resident part's key for one use; nothing that part knows leads to a key of the staff's."""
        return derived(self.resident_secret or resident_secret(self.secret), use)

    @property
    def private_folder(self) -> Path:
        """Return the folder of the private keys."""
        return self.instance / (self.private_keys or "keys/private")

    @property
    def pepper_folder(self) -> Path:
        """Return the folder of the peppers."""
        return self.instance / (self.pepper_keys or "keys/pepper")

    @property
    def authorities(self) -> Path | None:
        """Return the file or folder of the authorities trusted when we ask other servers; None where none is found."""
        if self.ca_file:
            return self.instance / self.ca_file
        system = ssl.get_default_verify_paths()
        return next((Path(found) for found in (system.cafile, system.capath) if found and Path(found).exists()), None)


_KNOWN = {entry.name: entry for entry in fields(Settings) if entry.name != "instance"}


def instance_folder(root: Path, environ: Mapping[str, str]) -> Path:
    """Return the instance folder: INSTANCE, else `instance` in the checkout."""
    return Path(environ.get("INSTANCE") or root / "instance").resolve()


def resident_secret(secret: str) -> str:
    """Return the line that the resident part is given instead of the secret."""
    return derived(secret, "resident part").hex()


@lru_cache(maxsize=64)
def derived(secret: str, use: str) -> bytes:
    """Return a key of 256 bits for one use (HKDF, SHA-256)."""
    if not secret:
        raise SettingsError("secret is missing: the resident part alone does without it.")
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"sju-fragor: " + use.encode()).derive(secret.encode())


def read_settings(instance: Path, part: str = "all") -> Settings:
    """Read `config.toml` as one part needs it; raise SettingsError with every fault at once."""
    path = instance / "config.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"There is no config.toml in {instance}. `make run` makes one for a trial, "
            "`flask --app wsgi init` one in earnest; docs/operating.md tells of both."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"config.toml can't be read: {error}") from None
    if faults := _faults(found, part):
        raise SettingsError("config.toml: " + " ".join(faults))
    for name, entry in _KNOWN.items():
        if entry.metadata["address"] is parse_origin and found.get(name):
            found[name] = parse_origin(str(found[name]), trial=True)
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


def _faults_of_addresses(found: Mapping[str, Any], part: str) -> list[str]:
    """Return faults of addresses: wrong ones, and those that links need where they are missing outside the demo."""
    faults: list[str] = []
    trial = bool(found.get("demo")) or found.get("session_cookie_secure") is False
    for name, entry in _KNOWN.items():
        read = entry.metadata["address"]
        try:
            if read and found.get(name):
                read(str(found[name]), trial=trial)
        except AddressFault as fault:
            faults.append(f"{name} {fault}.")
    needed = ("resident_address",) if part == "resident" else ("resident_address", "staff_address")
    if not found.get("demo"):
        faults += [f"{name} is missing: links are made of it." for name in needed if not found.get(name)]
    return faults


def _faults_of_secrets(found: Mapping[str, Any], part: str) -> list[str]:
    secret, resident = str(found.get("secret", "")), str(found.get("resident_secret", ""))
    if resident and (secret or part != "resident"):
        return ["resident_secret belongs in the file of the resident part alone, instead of secret."]
    if resident and not re.fullmatch("[0-9a-f]{64}", resident):
        return ["resident_secret must be what `flask secret resident` printed."]
    return [] if resident or len(secret) >= 32 else ["secret is missing or short: at least 32 random characters."]


def _faults_of_mail(found: Mapping[str, Any]) -> list[str]:
    sender = str(found.get("mail_sender", ""))
    if not sender:
        return ["mail_sender is missing: the address that messages come from."] if found.get("mail_host") else []
    # Loaded by who sends mail; those who only take answers go without.
    from email_validator import EmailNotValidError, validate_email

    name, _mark, address = sender.rstrip(">").rpartition("<") if sender.endswith(">") else ("", "", sender)
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        return [f"mail_sender is no address ({fault}): enkat@region.example or Regionen <enkat@region.example>."]
    wrong = not sender.isprintable() or re.search(r'[<>@,;:\\"]', name.strip().strip('"'))
    return ["mail_sender has a name with a sign that mail takes otherwise."] if wrong else []


def _faults(found: dict[str, Any], part: str) -> list[str]:
    faults = [f"{name} is no setting." for name in found if name not in _KNOWN]
    for name, entry in _KNOWN.items():
        if name not in found:
            continue
        kind = list if entry.default == () else str if entry.default is MISSING else type(entry.default)
        if kind is float and type(found[name]) is int:
            found[name] = float(found[name])
        if not isinstance(found[name], kind):
            faults.append(f"{name} must be of the kind {kind.__name__}: {entry.metadata['help']}.")
        elif (choices := entry.metadata["choices"]) and found[name] not in choices:
            faults.append(f"{name} must be {entry.metadata['help']}.")
    if isinstance(port := found.get("metrics_port"), int) and not 0 <= port < 1 << 16:
        faults.append("metrics_port must be a port, or 0 for none.")
    faults += oidc_faults(found) + _faults_of_mail(found) + list(protection_faults(found))
    return faults + _faults_of_secrets(found, part) + _faults_of_addresses(found, part)
