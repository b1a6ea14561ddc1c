"""Mail to a member of staff from the part they sign in to, where a mail server is set up. For every journey.

What carries it is given by the app (`use_mail_queue`): the web knows nothing of servers.
"""

from collections.abc import Callable
from typing import Protocol, cast
from uuid import uuid4

from flask import Flask, current_app
from flask_babel import gettext as _

from survey.channels.transport.messages import Message
from survey.web.i18n.language import current_language, speaking
from survey.web.request import services

SOME_HOURS = 6 * 60 * 60.0
Then = Callable[[str], None]


class MailQueue(Protocol):
    """A queue that does things beside the requests."""

    def submit(self, task: Callable[[], None]) -> bool:
        """Do it soon; return False where too much waits."""

    def send(self, message: Message, within: float, then: Callable[[str], None]) -> None:
        """Send it soon, and try again within so many seconds; call `then` with why it was not sent, or nothing."""


def _nothing(_problem: str) -> None:
    """Do nothing: nobody waits to hear."""


def use_mail_queue(app: Flask, queue: MailQueue) -> None:
    """Let mail leave by this queue, and the pages know whether it can."""
    app.extensions["staff_mail"] = queue
    app.jinja_env.globals["can_mail"] = bool(app.extensions["services"].settings.mail_host)


def is_set_up() -> bool:
    """Return whether mail can leave."""
    return bool(services.settings().mail_host)


def run_later(task: Callable[[], None]) -> None:
    """Do it beside this request, in the reader's language."""
    app, language = _app(), current_language()

    def done() -> None:
        with app.app_context(), speaking(language):
            task()

    _queue().submit(done)


def send(to: str, subject: str, paragraphs: list[str], within: float = SOME_HOURS, then: Then = _nothing) -> None:
    """Send some paragraphs; nothing where no server is set up. `then` gets why it was not sent, or an empty text."""
    if is_set_up():
        body = "\n\n".join(paragraphs) + "\n"
        app = _app()

        def notify(problem: str) -> None:
            with app.app_context():
                then(problem)

        _queue().send(Message(to, subject, body, current_language().tag, uuid4().hex), within, notify)


def password_changed(email: str) -> None:
    """Tell the account's address that its password was changed: it may not have been its person who did it."""
    sentence = _("Lösenordet till ditt konto i De 7 frågorna har bytts. Alla andra inloggningar är avslutade.")
    otherwise = _("Var det inte du? Vänd dig genast till samordnaren, som kan stänga kontot.")
    send(email, _("Ditt lösenord i De 7 frågorna har bytts"), [sentence, otherwise])


def _queue() -> MailQueue:
    return cast(MailQueue, current_app.extensions["staff_mail"])


def _app() -> Flask:
    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
