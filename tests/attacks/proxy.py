"""Between the web and PostgreSQL: passes everything on, and can watch or cut at the moments that matter.

For the cut connections and the flush. A client of PostgreSQL asks whole requests and waits for each reply, so one
request and its reply are passed on at a time. It understands no more of the protocol than where a request ends, and
which are the taking in of an answer and a commit.
"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

BEFORE_ACCEPT = "before the answer reached the database"
AFTER_ACCEPT = "before the database's word of it came back"
BEFORE_COMMIT = "before the commit reached the database"
AFTER_COMMIT = "after the commit, before its reply came back"
MOMENTS = (BEFORE_ACCEPT, AFTER_ACCEPT, BEFORE_COMMIT, AFTER_COMMIT)
WATCHED = {"accept": MOMENTS[:2], "commit": MOMENTS[2:]}
ENCRYPTION = (80877103, 80877104)
REQUEST_ENDS, REPLY_ENDS = b"QSXH", b"Z"

# Told the moment and the request that last took an answer in; says whether the line is to be cut now.
Watch = Callable[[str, bytes], bool]


def let_pass(moment: str, answer: bytes) -> bool:
    """Cut nothing."""
    return False


@dataclass
class Proxy:
    """Listens on loopback, at a port the kernel chose, for a server that listens there too."""

    server: int
    watch: Watch = let_pass
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.listener.getsockname()[1])

    def serve(self) -> None:
        """Take callers until the listener is closed, each in a thread of its own."""
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        # Either side may hang up at any time; the other is hung up on then.
        with near, suppress(OSError), socket.create_connection(("127.0.0.1", self.server)) as far:
            for line in (near, far):
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            greet(near, far)
            Conversation(near, far, self).run()


@dataclass
class Conversation:
    """One client with its server, once they know each other."""

    near: socket.socket
    far: socket.socket
    proxy: Proxy
    prepared: dict[bytes, bytes] = field(default_factory=dict)
    answer: bytes = b""

    def run(self) -> None:
        """Pass requests and replies on until one hangs up or the line is cut."""
        while True:
            request = messages(self.near, REQUEST_ENDS)
            watched = self._watched(request)
            if watched and self._cut(watched[0]):
                return
            self.far.sendall(request)
            reply = messages(self.far, REPLY_ENDS)
            if watched and self._cut(watched[1]):
                return
            self.near.sendall(reply)

    def _watched(self, request: bytes) -> tuple[str, ...]:
        """The two moments of a request that matters; none of any other."""
        kind = ""
        for letter, content in parts(request):
            if letter == b"P":
                name, statement = content.split(b"\0")[:2]
                self.prepared[name] = statement
            elif letter == b"B" and b"accept(" in self.prepared[content.split(b"\0")[1]]:
                kind, self.answer = "accept", request
            elif letter == b"Q" and content.rstrip(b"\0") == b"COMMIT":
                kind = "commit"
        # A commit of anything else than an answer is none of ours.
        return WATCHED[kind] if kind == "accept" or (kind and self.answer) else ()

    def _cut(self, moment: str) -> bool:
        answer = self.answer
        if moment == AFTER_COMMIT:
            self.answer = b""
        if not self.proxy.watch(moment, answer):
            return False
        for line in (self.near, self.far):
            # Reset, not ended in good order: neither side hears another word.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return True


def greet(near: socket.socket, far: socket.socket) -> None:
    """Let the two get to know each other, up to the first request."""
    while True:
        first = message(near, lettered=False)
        far.sendall(first)
        if int.from_bytes(first[4:8]) not in ENCRYPTION:
            break
        near.sendall(exactly(far, 1))
    near.sendall(messages(far, REPLY_ENDS))


def messages(line: socket.socket, ends: bytes) -> bytes:
    """All up to the message with which a request or a reply ends."""
    found = b""
    while True:
        found += (latest := message(line))
        if latest[:1] in ends:
            return found


def message(line: socket.socket, lettered: bool = True) -> bytes:
    """One message: a letter, except of the first ones, its length, and what it says."""
    head = exactly(line, 4 + lettered)
    return head + exactly(line, int.from_bytes(head[-4:]) - 4)


def exactly(line: socket.socket, size: int) -> bytes:
    """So many bytes; ConnectionError when the other hangs up before."""
    found = b""
    while len(found) < size:
        if not (piece := line.recv(size - len(found))):
            raise ConnectionError
        found += piece
    return found


def parts(request: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The messages of a request: letter and content."""
    at = 0
    while at < len(request):
        size = int.from_bytes(request[at + 1 : at + 5])
        yield request[at : at + 1], request[at + 5 : at + 1 + size]
        at += 1 + size


@contextmanager
def between(server: int) -> Iterator[Proxy]:
    """A proxy in front of the server at that port."""
    proxy = Proxy(server)
    threading.Thread(target=proxy.serve, daemon=True).start()
    try:
        yield proxy
    finally:
        # A listener that is only closed would still wait for its last caller.
        with suppress(OSError):
            proxy.listener.shutdown(socket.SHUT_RDWR)
        proxy.listener.close()
