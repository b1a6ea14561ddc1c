"""The description of a channel: the roles it suits, whether it takes access codes, and how links become a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from survey.channels.transport.messages import SendSession


class RenderTemplate(Protocol):
    """A function that draws a template in `templates/channels`, in one language, and escapes the values it is given."""

    def __call__(self, template: str, language: str, /, **values: object) -> str:
        """Return the drawn text."""


@dataclass(frozen=True)
class LinkOrder:
    """An order for links: the role, the address, the languages, and the access codes if there are any.

    `address` is the unit's short address with its scheme, without a language; `languages` are tags, the first leads.
    `columns` are the headings of a list, in the words of who asks for it.
    """

    role: str
    address: str
    languages: Sequence[str]
    codes: Sequence[str] = ()
    paper: str = "A4"
    columns: Sequence[str] = ()

    @property
    def address_to_type(self) -> str:
        """Return the address as a person types it."""
        return self.address.partition("://")[2]

    def render(self, draw: RenderTemplate, template: str) -> list[str]:
        """Return one template, drawn in each of the languages."""
        return [draw(template, tag, role=self.role) for tag in self.languages]

    def link(self, code: str = "") -> str:
        """Return the address to follow; the code stands behind the #, from where a browser never sends it.

        With one language the link opens in it; with several the reader's own browser chooses.
        """
        language = f"/{self.languages[0]}" if len(self.languages) == 1 else ""
        return f"{self.address}{language}" + (f"#{code}" if code else "")


@dataclass(frozen=True)
class OutputFile:
    """A finished file: the ending of its name, its media type, its bytes."""

    ending: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Mailer:
    """A channel's way of sending a message to each line of a list.

    `check` reads a line, or raises ValueError. `connect` opens a line to the server that the settings name; its second
    argument is how many seconds it may wait for each reply, None for as long as servers may take. `rate_setting` names
    the setting of the most messages a minute. `template`.txt and `template`_reminder.txt are what is written.

    `line_label` is what the list's field is called; `test_label` the field of who tries it first, and `test_fault` what
    is wrong with it: without them it goes to the address they sign in with. `has_subject`: it has one. `count_parts`
    counts what a text costs, told as `parts_label`. `accepts_utf8` asks the server for letters beyond ASCII: None where
    it doesn't say.
    """

    check: Callable[[str], str]
    connect: Callable[[Any, float | None], SendSession]
    rate_setting: str
    template: str
    line_label: str
    test_label: str = ""
    test_fault: str = ""
    has_subject: bool = False
    count_parts: Callable[[str], int] | None = None
    parts_label: str = ""
    accepts_utf8: Callable[[Any, float], bool | None] | None = None


@dataclass(frozen=True)
class Channel:
    """One channel. `name` and `about` are texts of the catalogs; `max_count` is how many codes it makes at a time.

    It makes a file (`make`), shows texts (`texts`), or sends a message to each line of a list (`sends`).
    `needs` names the setting without which it can't be used; `on_paper` needs neither a code nor an open link, and
    `max_sheets` is how many sheets are printed of it at most at a time.
    """

    key: str
    name: str
    about: str
    button: str
    roles: tuple[str, ...]
    max_count: int = 0
    papers: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    make: Callable[[LinkOrder, RenderTemplate], OutputFile] | None = None
    texts: Callable[[LinkOrder, RenderTemplate], Mapping[str, str]] | None = None
    sends: Mailer | None = None
    needs: str = ""
    on_paper: bool = False
    max_sheets: int = 0

    @property
    def has_codes(self) -> bool:
        """Return whether each person gets an access code; else one open link serves all."""
        return self.max_count > 0
