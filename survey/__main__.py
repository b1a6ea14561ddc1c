"""`make run`: a demo that makes itself, then serves with the worker beside it. For whoever wants to see the product."""

import os
import secrets
import socket
import sys
from pathlib import Path

import click
from flask import Flask

from survey.config import ROOT, instance_folder
from survey.serving.together import HOST, become

DEMO_PEOPLE = (
    ("fredagsgruppen@example.org", "followup", "jamtland-harjedalen", ""),
    ("samordnare@example.org", "coordinator", "jamtland-harjedalen", ""),
    ("froso@example.org", "unit", "froso", ""),
    ("granskare@example.org", "auditor", "jamtland-harjedalen", ""),
    ("oversattare@example.org", "translator", "jamtland-harjedalen", "ar"),
)


def ensure_instance(folder: Path) -> None:
    """Make a demo's instance folder with a secret of its own, unless there is one."""
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    path = folder / "config.toml"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(
            f'secret = "{secrets.token_urlsafe(48)}"\ndemo = true\nsession_cookie_secure = false\n', encoding="utf-8"
        )


def refuse_taken_port(port: int) -> None:
    """Stop with a sentence when another program has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise click.ClickException(f"Port {port} is taken. Choose another: make run PORT=8001") from None


def note_port(folder: Path, port: int) -> None:
    """Note the port for commands that make links beside what serves: they have no request to see it in."""
    from survey.web.request.addresses import PORT_NOTED

    (folder / PORT_NOTED).write_text(f"{port}\n", encoding="utf-8")


def fill(app: Flask) -> None:
    """Migrate, and fill the demo on its first start."""
    from survey.cli import demo
    from survey.store.maintenance.migrate import upgrade

    with app.app_context():
        upgrade(app.extensions["services"].engine)
        if app.extensions["services"].settings.demo and not demo.is_filled():
            click.echo("First start: the demo is filled with invented answers.")
            demo.command.callback()  # type: ignore[misc]  # click types the callback as optional


def sign_ins(app: Flask) -> list[tuple[str, str, str]]:
    """Give the demo's people new random passwords and return (email, role, password)."""
    from survey.store.database.engine import write_transaction
    from survey.store.staff import accounts
    from survey.web.signin.views import hash_password

    made = []
    with app.app_context(), write_transaction(app.extensions["services"].engine) as connection:
        for email, role, place, language in DEMO_PEOPLE:
            password = secrets.token_urlsafe(12)
            accounts.set_account(connection, email, hash_password(password), role, place, language=language)
            made.append((email, role, password))
    return made


def tell(port: int, people: list[tuple[str, str, str]]) -> None:
    """Print where everything is."""
    address = f"http://{HOST}:{port}"
    click.echo(f"\n  Start              {address}/")
    click.echo(f"  Residents answer   {address}/s/froso   (العربية: {address}/s/froso/ar)")
    codes = "flask --app wsgi codes froso --role provider --count 5"
    click.echo(f"  Staff answer       {address}/p/froso   (with a code: {codes})")
    click.echo(f"  Follow-up          {address}/staff/followup\n")
    for email, role, password in people:
        click.echo(f"  {role:12} {email:28} {password}")
    click.echo("\n  Invented answers. The keys lie beside them: do not send this survey out. Stop with Ctrl-C.\n")


def main() -> None:
    """Make, fill, tell, and become what serves: who only waits for others holds nothing."""
    from survey.app import create_app

    port = int(os.environ.get("PORT", "8000"))
    refuse_taken_port(port)
    folder = instance_folder(ROOT, os.environ)
    ensure_instance(folder)
    note_port(folder, port)
    app = create_app("all", folder)
    fill(app)
    people = sign_ins(app) if app.extensions["services"].settings.demo else []
    tell(port, people)
    app.extensions["services"].engine.dispose()
    become(port)


if __name__ == "__main__":
    try:
        main()
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
