"""`flask mail test`, `sms test` and `oidc test` say what was tried and what came back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from click.testing import Result
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.answering import make_answering
from tests.care_unit.post_office import exchange, free_port, mail_settings, post_office
from tests.web.test_oidc import Provider

Try = Callable[..., Result]


@pytest.fixture
def tried(tmp_path: Path) -> Try:
    """Runs a command in an instance with these settings."""

    def run(config: str, *arguments: str) -> Result:
        made = make_answering(tmp_path / f"instance-{len(list(tmp_path.iterdir()))}", part="all", config=config)
        with made.app.app_context():
            return made.app.test_cli_runner().invoke(args=[*arguments])

    return run


@pytest.mark.parametrize(("says", "code", "words"), [
    ("250 OK", 0, "has taken it"),
    ("550 5.7.1 relaying denied", 1, "lets no messages from us through"),
    ("450 4.2.0 greylisted", 1, "wants to take it later"),
    ("550 5.1.1 nobody", 1, "refuses this recipient"),
    ("421 later", 1, "closed the line"),
])  # fmt: skip
def test_mail(says: str, code: int, words: str, tried: Try) -> None:
    with post_office() as office:
        office.answer_to = lambda _to: says
        found = tried(mail_settings(office.port), "mail", "test", "it@region.example")
    assert found.exit_code == code and words in found.output, found.output
    assert says.partition(" ")[0] in found.output and "250 " in found.output and len(office.taken) == (code == 0)


def test_mail_that_reaches_no_server_says_so(tried: Try) -> None:
    found = tried(mail_settings(free_port()), "mail", "test", "it@region.example")
    assert found.exit_code == 1 and "does not answer" in found.output and "refused" in found.output
    with post_office() as office:
        found = tried(mail_settings(office.port, "starttls"), "mail", "test", "it@region.example")
    assert found.exit_code == 1 and "can't be protected" in found.output
    assert "mail_host is not set" in tried("", "mail", "test", "it@region.example").output
    assert "no e-mail address" in tried(mail_settings(1), "mail", "test", "it@").output


@pytest.mark.parametrize(("status", "code", "words"), [
    (200, 0, "has taken it"), (401, 1, "does not accept our sign-in"), (302, 1, "https://elsewhere.example"),
    (429, 1, "takes no more"), (500, 1, "a fault of its own"), (422, 1, "refuses this message"),
])  # fmt: skip
def test_sms(status: int, code: int, words: str, tried: Try) -> None:
    with exchange() as gateway:
        gateway.answer = lambda _n: status
        gateway.headers = {"Location": "https://elsewhere.example"} if status == 302 else {}
        config = f'sms_url = "http://127.0.0.1:{gateway.port}/send"\nsms_fields = ["to={{to}}", "message={{text}}"]'
        found = tried(config, "sms", "test", "070-174 06 05")
    assert found.exit_code == code and words in found.output and f"  {status} " in found.output, found.output
    assert [said["to"] for said in gateway.taken] == ["+46701740605"]


@pytest.fixture
def told() -> Iterator[Callable[..., str]]:
    """Starts providers; each is at the address that is given back."""
    running = []

    def start(answer: Callable[[str, Request], Response | None] | None = None) -> str:
        provider = Provider()

        def app(environ, start_response):  # type: ignore[no-untyped-def]
            said = answer(provider.issuer, Request(environ, populate_request=False)) if answer else None
            return said(environ, start_response) if said else provider(environ, start_response)

        server = make_server("localhost", 0, app, threaded=True)
        provider.issuer = f"http://localhost:{server.server_port}"
        running.append((server, Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})))
        running[-1][1].start()
        return provider.issuer

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def settings(issuer: str) -> str:
    """Settings of a provider."""
    told = f'oidc_issuer = "{issuer}"\noidc_client_id = "survey"\noidc_client_secret = "hush"\n'
    told += 'oidc_mfa_claims = ["amr=mfa"]'
    return told + '\nstaff_address = "https://personal.region.example"'


def refusing(_issuer: str, asked: Request) -> Response | None:
    """A provider that doesn't know our secret."""
    wrong = Response(json.dumps({"error": "invalid_client"}), 401, mimetype="application/json")
    return wrong if asked.path == "/oauth2/token" else None


def another(_issuer: str, asked: Request) -> Response | None:
    """A provider that calls itself something else."""
    found = Response(json.dumps({"issuer": "https://other.example"}), mimetype="application/json")
    return found if asked.path.startswith("/.well-known") else None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_oidc(told: Callable[..., str], tried: Try) -> None:
    found = tried(settings(told()), "oidc", "test")
    assert found.exit_code == 0 and "It accepts our secret" in found.output, found.output
    assert "https://personal.region.example/staff/oidc/back" in found.output
    assert "does not accept" in tried(settings(told(refusing)), "oidc", "test").output
    assert "calls itself https://other.example" in tried(settings(told(another)), "oidc", "test").output
    gone = tried(settings(f"http://localhost:{free_port()}"), "oidc", "test")
    assert gone.exit_code == 1 and "does not answer" in gone.output
    assert "oidc_issuer is not set" in tried("", "oidc", "test").output
