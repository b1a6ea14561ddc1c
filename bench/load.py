"""A load of clients on kept-alive loopback connections, bounded in count and time. Its own CPU is never counted."""

import asyncio
import gzip
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

FORM_ID = re.compile(rb'name="?form_id"?[^>]*value="?([^">\s]+)')
ANSWERS = {"trygghet": "yes", "overenskommelse": "partly", "kontaktvagar": "yes", "fast_vardkontakt": "no"}
ANSWERS |= {"nasta_steg": "yes", "nasta_tid": "not_needed", "overblick": "dont_know"}


class Refused(Exception):
    """The server answered something else than the walk expects."""


@dataclass
class Client:
    """One kept-alive connection and the times of its requests, in seconds."""

    port: int
    times: list[float] = field(default_factory=list)

    async def connect(self) -> None:
        """Open the connection."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def request(self, head: str, body: bytes = b"") -> tuple[int, dict[bytes, bytes], bytes]:
        """Send one request; return status, headers and body."""
        begun = time.perf_counter()
        self.writer.write(f"{head}\r\nHost: 127.0.0.1:{self.port}\r\n".encode() + self._rest(body))
        lines = (await self.reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        pairs = (line.split(b":", 1) for line in lines[1:] if b":" in line)
        headers = {name.lower(): value.strip() for name, value in pairs}
        content = await self.reader.readexactly(int(headers.get(b"content-length", b"0")))
        self.times.append(time.perf_counter() - begun)
        return int(lines[0].split()[1]), headers, content

    @staticmethod
    def _rest(body: bytes) -> bytes:
        common = b"Accept-Encoding: gzip\r\nAccept-Language: sv\r\nSec-Fetch-Site: same-origin\r\n"
        if body:
            common += b"Content-Type: application/x-www-form-urlencoded\r\n"
            common += b"Content-Length: " + str(len(body)).encode() + b"\r\n"
        return common + b"\r\n" + body

    async def answer(self, unit: str) -> None:
        """A completed answer: the questions, the answers, the thanks."""
        status, headers, page = await self.request(f"GET /s/{unit} HTTP/1.1")
        if headers.get(b"content-encoding") == b"gzip":
            page = gzip.decompress(page)
        found = FORM_ID.search(page)
        if status != 200 or not found:
            raise Refused(f"GET /s/{unit}: {status}")
        body = urlencode({**ANSWERS, "form_id": found[1].decode(), "code": ""}).encode()
        status, headers, _ = await self.request(f"POST /s/{unit} HTTP/1.1", body)
        if status != 303:
            raise Refused(f"POST /s/{unit}: {status}")
        status, _, _ = await self.request(f"GET {headers[b'location'].decode()} HTTP/1.1")
        if status != 200:
            raise Refused(f"GET thanks: {status}")

    async def fetch(self) -> None:
        """One request for the bare page."""
        status, _, _ = await self.request("GET / HTTP/1.1")
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
        client.writer.close()
    return seconds, [spent for client in everybody for spent in client.times]


def run(port: int, clients: int, each: int, units: list[str]) -> tuple[float, list[float]]:
    """Let `clients` clients do `each` walks; with no units, bare requests. Returns (seconds, request times)."""
    return asyncio.run(_run(port, clients, each, units))
