"""The command line, `flask --app wsgi …`: one file a command, one line in the registry. For operators and the demo."""

import importlib
from functools import cache
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from survey.domain.text.clean_text import REPLACEMENT_CHARACTER, one_line

COMMANDS = {
    "accounts": "survey.cli.accounts",
    "audit": "survey.cli.audit",
    "backup": "survey.cli.maintenance.backup",
    "check": "survey.cli.check",
    "codes": "survey.cli.codes",
    "db": "survey.cli.db",
    "demo": "survey.cli.demo",
    "edition": "survey.cli.edition",
    "federation": "survey.cli.federation.commands",
    "init": "survey.cli.install.command",
    "keys": "survey.cli.keys",
    "mail": "survey.cli.mail",
    "oidc": "survey.cli.oidc",
    "pack": "survey.followup.packs.cli",
    "places": "survey.cli.places",
    "restore": "survey.cli.maintenance.restore",
    "round": "survey.cli.rounds",
    "secret": "survey.cli.secret",
    "sms": "survey.cli.sms",
    "translations": "survey.cli.translations",
    "upgrade": "survey.cli.maintenance.upgrade",
    "worker": "survey.cli.worker",
}

_WRITES_SETTINGS = "init"


class CleanText(click.ParamType[str]):
    """A parameter type: text cleaned as it is stored, whatever terminal it was typed or pasted in."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text without invisible characters; raise a usage error where a character can't be shown."""
        text = one_line(str(value))
        if REPLACEMENT_CHARACTER in text:
            self.fail(f"“{text}” has a sign that can't be shown.", param, ctx)
        return text


class LazyGroup(AppGroup):
    """A group that loads a command when it is asked for, so that the web never carries the command line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        return _load(cmd_name) if cmd_name in COMMANDS else None


class BeforeSettings(LazyGroup):
    """The commands where there are no settings yet: the one that writes them."""

    def __init__(self, name: str, missing: click.ClickException) -> None:
        """Keep why nothing else can be done."""
        super().__init__(name)
        self._missing = missing

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the one command's name."""
        return [_WRITES_SETTINGS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command that writes the settings; raise what stops all others."""
        if cmd_name != _WRITES_SETTINGS:
            raise self._missing
        return super().get_command(ctx, cmd_name)


@cache
def _load(name: str) -> click.Command:
    command = importlib.import_module(COMMANDS[name]).command
    if not isinstance(command, click.Command):
        raise TypeError(f"{COMMANDS[name]}.command is no command")
    _take_written(command)
    _end_in_sentences(command)
    return command


def _take_written(command: click.Command) -> None:
    """Make every text parameter of the command a cleaned one; a password stays as it was typed."""
    for param in command.params:
        if type(param.type) is type(click.STRING) and not getattr(param, "hide_input", False):
            param.type = CleanText()
    for part in command.commands.values() if isinstance(command, click.Group) else ():
        _take_written(part)


def _end_in_sentences(command: click.Command) -> None:
    """End the command with a sentence where the database, a key volume or a file stands in its way."""
    from survey.cli.errors import with_clear_errors

    if isinstance(command, click.Group):
        for part in command.commands.values():
            _end_in_sentences(part)
    elif command.callback is not None:
        command.callback = with_clear_errors(command.callback)


def register(app: Flask) -> None:
    """Give the app its commands."""
    app.cli = LazyGroup("survey")


def register_before_settings(app: Flask, missing: click.ClickException) -> None:
    """Give an app without settings the command that writes them; every other says what is missing."""
    app.cli = BeforeSettings("survey", missing)


def names() -> list[str]:
    """Return every command as it is typed: `check`, `db upgrade`, …"""
    found = []
    for name in COMMANDS:
        command = _load(name)
        found += [f"{name} {part}" for part in command.commands] if isinstance(command, click.Group) else [name]
    return found
