"""A device with passkeys, in software: makes and uses them as WebAuthn says, and can misbehave."""

import hashlib
import html
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.reader import Page

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def options_of(page: Page) -> dict[str, Any]:
    """What a page of ours asks the device."""
    found = re.search(r'data-options="([^"]+)"', page.text)
    assert found, page.text
    asked: dict[str, Any] = json.loads(html.unescape(found.group(1)))
    return asked


class Device:
    """One passkey; `verifies`: it asks its owner for a finger or a code."""

    def __init__(self, origin: str = "http://localhost", site: str = "localhost", *, verifies: bool = True) -> None:
        self.origin, self.site, self.verifies = origin, site, verifies
        self.credential, self.key, self.count = token_bytes(32), ec.generate_private_key(ec.SECP256R1()), 0
        self.handle = b""

    def make(self, options: dict[str, Any]) -> str:
        """Answer a registration."""
        self.handle = unb64(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(public)
        data = self._data(ATTESTED) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._reply(self._client("webauthn.create", options), attestationObject=b64(statement))

    def use(self, options: dict[str, Any], **more: str) -> str:
        """Answer a sign-in."""
        client, self.count = self._client("webauthn.get", options), self.count + 1
        data = self._data(0)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"authenticatorData": b64(data), "signature": b64(signed), "userHandle": b64(self.handle)}
        return self._reply(client, **{**parts, **more})

    def _data(self, flags: int) -> bytes:
        shown = PRESENT | (VERIFIED if self.verifies else 0) | flags
        return hashlib.sha256(self.site.encode()).digest() + bytes([shown]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _reply(self, client: bytes, **parts: str) -> str:
        response = {"clientDataJSON": b64(client), **parts}
        made = {"id": b64(self.credential), "rawId": b64(self.credential), "type": "public-key"}
        return json.dumps({**made, "response": response})
