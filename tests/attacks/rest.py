"""A raw look at everything at rest: is an answer in plain anywhere, is a key? For the attacks on files and backups.

Answers are marked by being all unlike, and are looked for packed (raw, in hex, in base64) and as words, in any dress
that a form, a log or a dump would give them. Keys are looked for in every way to write bytes down. A block that has
been seen before is not read again, so that one may look after every step.
"""

import base64
import random
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from survey.domain.questions.answer_scale import ANSWER_CODES, QUESTIONS, answer_codes_of
from survey.domain.questions.responses import Response, pack
from tests.attacks.tools import forms_of

Answers = tuple[str, ...]
BLOCK, OVERLAP = 8192, 320
_CODE = b"(%s)" % b"|".join(code.encode() for code in sorted(ANSWER_CODES, key=len, reverse=True))
# The first byte says the format, and follows the code, whatever number that has come to.
_FORMAT = pack(Response("patient", {}))[:1]
_PACKED = re.compile(re.escape(_FORMAT) + rb"[\0\1]([\1-\5]{7})")
_HEX = re.compile(rb"(%s0[01](?:0[1-5]){7})" % _FORMAT.hex().encode())
_BASE64 = re.compile(rb"(%s[AE][A-Za-z0-9+/_-]{9})" % re.escape(base64.b64encode(_FORMAT)[:2]))
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_WORDS = re.compile(rb"[^a-z]{1,12}".join(question.encode() + rb"[^a-z]{1,12}" + _CODE for question in QUESTIONS))
_LIST = re.compile(rb"[^a-z_]{1,4}".join([_CODE] * len(QUESTIONS)))


def marked(count: int, seed: object) -> list[Mapping[str, str]]:
    """Answers to all seven questions, no two alike."""
    every = list(product(*(answer_codes_of("patient", question) for question in QUESTIONS)))
    chosen = random.Random(f"marked {seed}").sample(every, count)
    return [dict(zip(QUESTIONS, codes, strict=True)) for codes in chosen]


@dataclass
class Look:
    """What is looked for, what has been found of it, and how much has been read, each block once."""

    answers: Iterable[Mapping[str, str]]
    keys: Iterable[bytes]
    found_answers: set[Answers] = field(default_factory=set)
    found_keys: set[bytes] = field(default_factory=set)
    bytes_read: int = 0
    _seen: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Make ready what is looked for."""
        self._marks = {tuple(each.values()) for each in self.answers}
        self._forms = {key: forms_of(key) for key in self.keys}

    def at(self, *places: Path) -> None:
        """Look at files, and at all files below folders."""
        for place in places:
            for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
                # A passing file may be gone before it is read.
                with suppress(FileNotFoundError):
                    if path.is_file():
                        self.within(path.read_bytes())

    def at_deleted(self, processes: Iterable[int]) -> None:
        """Look at files that processes hold open though they are deleted, as databases do with what they spill."""
        for content in deleted_files(processes):
            self.within(content)

    def within(self, content: bytes) -> None:
        """Look at bytes, block by block."""
        for start in range(0, len(content), BLOCK):
            block = content[start : start + BLOCK + OVERLAP]
            if (known := hash(block)) not in self._seen:
                self._seen.add(known)
                self.bytes_read += min(BLOCK, len(content) - start)
                self._search(block)

    def _search(self, block: bytes) -> None:
        self.found_answers |= set(answers_in(block)) & self._marks
        self.found_keys |= {key for key, forms in self._forms.items() if any(form in block for form in forms)}

    def __str__(self) -> str:
        """As the report says it."""
        return f"{len(self.found_answers)} answers, {len(self.found_keys)} keys in {self.bytes_read / 1e6:.0f} MB"


def answers_in(block: bytes) -> Iterator[Answers]:
    """Whatever may be seven answers."""
    raw = [match.group(1) for match in _PACKED.finditer(block)]
    packed = [bytes.fromhex(match.group(1).decode()) for match in _HEX.finditer(block)]
    packed += [base64.b64decode(match.group(1).translate(_URL_SAFE)) for match in _BASE64.finditer(block)]
    raw += [match.group(1) for each in packed if (match := _PACKED.match(each))]
    yield from (tuple(ANSWER_CODES[mark - 1] for mark in marks) for marks in raw)
    for pattern in (_WORDS, _LIST):
        for match in pattern.finditer(block):
            yield tuple(code.decode() for code in match.groups())


def deleted_files(processes: Iterable[int]) -> Iterator[bytes]:
    """The content of deleted files that are still open in processes."""
    for process in processes:
        # What ends or closes a file meanwhile holds nothing open.
        with suppress(OSError):
            for path in Path(f"/proc/{process}/fd").iterdir():
                with suppress(OSError):
                    target = str(path.readlink())
                    in_memory = target.startswith(("/memfd:", "/dev/shm/"))
                    if target.endswith(" (deleted)") and not in_memory and stat.S_ISREG(path.stat().st_mode):
                        yield path.read_bytes()
