"""`make run`: a demo that makes itself, then serves, with the worker beside it. For whoever wants to see the product.

An installation in earnest starts the server and `flask work` on its own, each under its own account.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import click
from flask import Flask

from survey.config import ROOT, instance_folder

HOST = "127.0.0.1"
DEMO_PEOPLE = (
    ("fredagsgruppen@example.org", "followup", "jamtland-harjedalen"),
    ("samordnare@example.org", "coordinator", "jamtland-harjedalen"),
    ("froso@example.org", "unit", "froso"),
    ("granskare@example.org", "auditor", "jamtland-harjedalen"),
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


def fill(app: Flask) -> None:
    """Migrate, and fill the demo on its first start."""
    from survey.cli import demo
    from survey.store.migrate import upgrade

    with app.app_context():
        upgrade(app.extensions["house"].engine)
        if app.extensions["house"].settings.demo and not demo.is_filled():
            click.echo("First start: the demo is filled with invented answers.")
            demo.command.callback()  # type: ignore[misc]  # click types the callback as optional


def sign_ins(app: Flask) -> list[tuple[str, str, str]]:
    """Give the demo's people new random passwords and return (email, role, password)."""
    from survey.store import people
    from survey.store.engine import writing
    from survey.web.signin import hash_password

    made = []
    with app.app_context(), writing(app.extensions["house"].engine) as connection:
        for email, role, place in DEMO_PEOPLE:
            password = secrets.token_urlsafe(12)
            people.set_person(connection, email, hash_password(password), role, place)
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


def server(port: int, target: str = "wsgi:app", workers: int = 2, interface: str = "rsgi") -> list[str]:
    """The command that serves an app on loopback. HTTP/1 alone: a proxy speaks nothing else to it."""
    command = [sys.executable, "-m", "granian", "--interface", interface, "--host", HOST, "--port", str(port)]
    command += ["--http", "1", "--no-ws", "--workers", str(workers), "--blocking-threads", "1"]
    # Who sends half a head, or nothing, is hung up on, and until then keeps no other from a connection.
    command += ["--http1-header-read-timeout", "10000", "--backlog", "4096", "--backpressure", "4096"]
    # A worker that is stopped while it starts would never end.
    command += ["--no-access-log", "--log-level", "warning", "--workers-kill-timeout", "10"]
    return [*command, target]


def serve(port: int) -> int:
    """Run the server and the worker until one ends or a signal comes; returns the exit status."""
    environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "work"]
    running = [subprocess.Popen(command, cwd=ROOT, env=environ) for command in (server(port), worker)]  # noqa: S603 (our own words)

    def stop(*_: object) -> None:
        for process in running:
            process.terminate()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    while all(process.poll() is None for process in running):
        time.sleep(0.2)
    stop()
    return max(abs(process.wait()) for process in running)


def main() -> None:
    """Make, fill, tell, serve."""
    from survey.app import create_app

    port = int(os.environ.get("PORT", "8000"))
    refuse_taken_port(port)
    folder = instance_folder(ROOT, os.environ)
    ensure_instance(folder)
    app = create_app("all", folder)
    fill(app)
    people = sign_ins(app) if app.extensions["house"].settings.demo else []
    tell(port, people)
    serve(port)


if __name__ == "__main__":
    try:
        main()
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
