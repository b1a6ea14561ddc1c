"""The residents' and the staff's addresses, for every link handed out. Never from what a request says of itself.

Outside the demo both addresses are set. A secret stands after the `#` of a link: no server in between, no log and
no header ever holds it.
"""

from contextlib import suppress

from flask import abort, current_app, has_request_context, request

from survey.web.request import services

PORT_NOTED = "port"  # where `make run` notes its port in the instance, for the commands beside it


def residents_address() -> str:
    """Return the residents' address, without a slash at the end; in a demo without the setting, the request's."""
    return services.settings().resident_address or _as_here()


def staff_address() -> str:
    """Return the staff's address, without a slash at the end; in a demo without the setting, the request's."""
    return services.settings().staff_address or _as_here()


def staff_link(endpoint: str, secret: str) -> str:
    """Return a link to one of the staff's pages, with a secret that only the browser and that page see."""
    return f"{staff_address()}{current_app.url_map.bind('').build(endpoint)}#{secret}"


def shown_host(address: str) -> str:
    """Return the address as a person would type it: without the scheme."""
    return address.partition("://")[2]


def _as_here() -> str:
    if not has_request_context():
        return f"http://127.0.0.1:{_port()}"
    return f"{request.scheme}://{request.host}" if request.host else abort(400)


def _port() -> int:
    with suppress(OSError, ValueError):
        return int((services.settings().instance / PORT_NOTED).read_text(encoding="utf-8"))
    return 8000
