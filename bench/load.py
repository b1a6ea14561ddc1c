"""A load of clients on kept-alive loopback connections, bounded in count and time.

Its own CPU is never counted, but it runs on the same cores as the server, so it does as little as it can: no
stream objects, no headers taken apart, and nothing decompressed.
"""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

# The form id stands uncompressed in the compressed page.
FORM_ID = re.compile(rb"[0-9a-f]{32}\.[\w-]{43}")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
LOCATION = re.compile(rb"\r\nlocation: *(\S+)", re.I)
ANSWERS = {"trygghet": "yes", "overenskommelse": "partly", "kontaktvagar": "yes", "fast_vardkontakt": "no"}
ANSWERS |= {"nasta_steg": "yes", "nasta_tid": "not_needed", "overblick": "dont_know"}
BROWSER = b"Host: 127.0.0.1\r\nAccept-Encoding: gzip\r\nAccept-Language: sv\r\nSec-Fetch-Site: same-origin\r\n"


class Refused(Exception):
    """The server answered something else than the walk expects."""


@dataclass
class Client(asyncio.Protocol):
    """One kept-alive connection and the times of its requests, in seconds."""

    port: int
    times: list[float] = field(default_factory=list)

    async def connect(self) -> None:
        """Open the connection."""
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_connection(lambda: self, "127.0.0.1", self.port)

    def data_received(self, data: bytes) -> None:
        """Called by the loop: gather the reply, and hand it over once it is whole."""
        self._reply += data
        end = self._reply.find(b"\r\n\r\n")
        if end < 0:
            return
        length = LENGTH.search(self._reply, 0, end)
        if len(self._reply) >= end + 4 + (int(length[1]) if length else 0) and not self._whole.done():
            self._whole.set_result(self._reply)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop: nobody may wait for a reply that never comes."""
        if not self._whole.done():
            self._whole.set_exception(exc or Refused("the connection was closed"))

    async def request(self, line: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send one request; return the status and the whole reply."""
        self._reply = b""
        self._whole: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        kind = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(body) if body else b""
        self.transport.write(b"%s HTTP/1.1\r\n%s%s\r\n%s" % (line.encode(), BROWSER, kind, body))
        reply = await self._whole
        self.times.append(time.perf_counter() - begun)
        return int(reply[9:12]), reply

    async def answer(self, unit: str) -> None:
        """A completed answer: the questions, the answers, the thanks."""
        status, page = await self.request(f"GET /s/{unit}")
        found = FORM_ID.search(page)
        if status != 200 or not found:
            raise Refused(f"GET /s/{unit}: {status}")
        body = urlencode({**ANSWERS, "form_id": found[0].decode(), "code": ""}).encode()
        status, reply = await self.request(f"POST /s/{unit}", body)
        to = LOCATION.search(reply)
        if status != 303 or not to:
            raise Refused(f"POST /s/{unit}: {status}")
        status, _ = await self.request(f"GET {to[1].decode()}")
        if status != 200:
            raise Refused(f"GET thanks: {status}")

    async def fetch(self) -> None:
        """One request for the bare page."""
        status, _ = await self.request("GET /")
        if status != 200:
            raise Refused(f"GET /: {status}")


async def _run(port: int, clients: int, each: int, units: list[str]) -> tuple[float, list[float]]:
    everybody = [Client(port) for _ in range(clients)]
    for client in everybody:
        await client.connect()

    async def walk(client: Client, number: int) -> None:
        for turn in range(each):
            await (client.answer(units[(number + turn) % len(units)]) if units else client.fetch())

    begun = time.perf_counter()
    await asyncio.gather(*(walk(client, number) for number, client in enumerate(everybody)))
    seconds = time.perf_counter() - begun
    for client in everybody:
        client.transport.close()
    return seconds, [spent for client in everybody for spent in client.times]


def run(port: int, clients: int, each: int, units: list[str]) -> tuple[float, list[float]]:
    """Let `clients` clients do `each` walks; with no units, bare requests. Returns (seconds, request times)."""
    # In a thread of its own: whoever measures may have a loop running already.
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, _run(port, clients, each, units)).result()
