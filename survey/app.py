"""The app factory, where the parts meet: settings, database, questionnaires, languages and the pages of one part."""

import os
import resource
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal, cast

import click
from flask import Flask
from werkzeug.routing import Map, UnicodeConverter

from survey import journal
from survey.config import ROOT, Settings, SettingsError, instance_folder, read_settings
from survey.domain import clock
from survey.domain.questions.questionnaire import QuestionnaireError, Version, read_versions
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.serving.whole import BufferedRequests
from survey.store.database.engine import make_engine
from survey.web.request.clean_request import CleanRequest
from survey.web.request.services import Services, init_services

CONNECTIONS = 8192
MAX_STAFF_FORM = 4 * 1024 * 1024  # a list of 2 MB comes back from the page that shows it, written out for a form
Part = Literal["all", "resident", "staff"]


class _Text(UnicodeConverter):
    """A text in an address: without NUL, which PostgreSQL takes in no query, so such an address is not found."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)
        self.regex = "[^/\0]+"


def create_app(part: str = "all", instance: Path | None = None, today: Callable[[], date] = clock.today) -> Flask:
    """Make the app of one part: `resident`, `staff` or `all`.

    Raises SettingsError when the instance has no usable config.toml, or what is asked has faults. Nothing of the staff
    part is loaded for `resident`: no sign-in, no sessions, no pandas.
    """
    if part not in ("all", "resident", "staff"):
        raise ValueError(f"There is no part {part!r}: all, resident or staff.")
    _set_limits()
    folder = instance or instance_folder(ROOT, os.environ)
    try:
        settings = read_settings(folder, part)
    except SettingsError as fault:
        # A command was typed, and there is no file yet: one command writes it.
        if click.get_current_context(silent=True) is None or (folder / "config.toml").exists():
            raise
        return _before_settings(fault)
    journal.begin(hours=part == "staff", form=settings.log_format)
    app = Flask("survey", static_folder=str(ROOT / "survey" / "static"), template_folder="templates")
    app.request_class = CleanRequest
    app.config.update(_flask_settings(settings, part))
    # The router's own redirects to a nicer spelling name host and scheme as the request did: there are none.
    app.url_map.merge_slashes = app.url_map.strict_slashes = app.url_map.redirect_defaults = False
    app.url_map.converters["default"] = app.url_map.converters["string"] = _Text
    init_services(app, _make_services(settings, today))
    _shared(app)
    if part != "staff":
        _resident(app)
    if part != "resident":
        _staff(app)
    _commands(app)
    app.__rsgi__ = _whole(app, settings)  # type: ignore[attr-defined]
    return app


def _before_settings(missing: SettingsError) -> Flask:
    """Return an app with no page at all, for the command that writes the settings."""
    from survey import cli

    app = Flask("survey", static_folder=None)
    cli.register_before_settings(app, missing)
    return app


def _set_limits() -> None:
    # What is in memory must not end in a file when the process does.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    # Connections that send nothing must not use up those that others need.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, CONNECTIONS)), hard))


def _flask_settings(settings: Settings, part: str) -> dict[str, object]:
    return {
        # No session is opened outside the staff part.
        "SECRET_KEY": settings.key("staff sessions") if part != "resident" else None,
        "MAX_CONTENT_LENGTH": settings.max_request_kb * 1024,
        "MAX_FORM_MEMORY_SIZE": settings.max_request_kb * 1024,
        "SESSION_COOKIE_SECURE": settings.session_cookie_secure,
    }


def _make_services(settings: Settings, today: Callable[[], date]) -> Services:
    return Services(
        engine=make_engine(settings.database_url),
        settings=settings,
        versions=_read_questions(),
        volumes=KeyVolumes(private=settings.private_folder, pepper=settings.pepper_folder),
        today=today,
    )


def _read_questions() -> dict[str, Version]:
    try:
        return read_versions(ROOT / "survey" / "questionnaires")
    except QuestionnaireError as error:
        from survey.cli.questionnaire import sentences

        raise SettingsError("\n".join(sentences(error.faults))) from None


def _whole(app: Flask, settings: Settings) -> BufferedRequests:
    """Return the server that granian runs: the app, with every body read before it."""
    from survey.web.pages.security_headers import resident_headers
    from survey.web.request.sessions import is_staff
    from survey.web.signin.hashing_budget import is_sign_in_request

    usual = settings.max_request_kb * 1024
    served = "signin" in app.blueprints

    def max_body_size(path: str) -> int:
        return MAX_STAFF_FORM if served and is_staff(path) else usual

    return BufferedRequests(app, max_body_size, resident_headers(), is_sign_in_request)


def _shared(app: Flask) -> None:
    from survey.web.i18n import approved_texts, language, region_texts
    from survey.web.pages import (
        conversation_sheet,
        forgiving_urls,
        health,
        kept_pages,
        public_pages,
        security_headers,
        sign_films,
        template_indent,
    )

    forgiving_urls.init_forgiving_urls(app)
    language.init_languages(app)
    approved_texts.init_approved_texts(app)
    sign_films.init_sign_films(app)
    security_headers.init_security_headers(app)
    region_texts.init_region_texts(app)
    kept_pages.init_page_cache(app)
    template_indent.init_template_indent(app)
    app.register_blueprint(public_pages.blueprint)
    app.register_blueprint(conversation_sheet.blueprint)
    app.register_blueprint(health.blueprint)


def _resident(app: Flask) -> None:
    from survey.answer import views

    app.register_blueprint(views.blueprint)


def _staff(app: Flask) -> None:
    from survey.admin import views as admin
    from survey.admin.accounts import accept_invitation, new_password
    from survey.admin.forgotten import views as forgotten
    from survey.audit import views as audit
    from survey.care_unit import views as care_unit
    from survey.followup import views as followup
    from survey.translation import views as translation
    from survey.web.account import passkeys, two_factor
    from survey.web.account import views as account
    from survey.web.pages import health
    from survey.web.signin import views as signin
    from survey.web.staff import staff_mail
    from survey.worker.sending.staff_mail import TaskQueue

    signin.init_signin(app)
    staff_mail.use_mail_queue(app, TaskQueue(cast(Services, app.extensions["services"]).settings))
    for each in (account, two_factor, passkeys):
        app.register_blueprint(each.blueprint)
    app.register_blueprint(health.worker_blueprint)
    app.register_blueprint(admin.blueprint)
    app.register_blueprint(care_unit.blueprint)
    app.register_blueprint(followup.blueprint)
    app.register_blueprint(audit.blueprint)
    app.register_blueprint(translation.blueprint)
    app.register_blueprint(accept_invitation.blueprint)
    app.register_blueprint(new_password.blueprint)
    app.register_blueprint(forgotten.blueprint)


def _commands(app: Flask) -> None:
    from survey import cli

    cli.register(app)
