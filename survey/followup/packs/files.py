"""Files of a pack: a draft as it would be frozen now, a frozen one's page and PDF as they were stored."""

import base64
import re
from hashlib import sha256

from flask import Blueprint, Response, abort

from survey.followup.packs import freeze
from survey.followup.packs.access import authorise, require_draft
from survey.store.database.engine import read_transaction
from survey.store.published import packs
from survey.web.request import services
from survey.web.signin.views import requires
from survey.web.staff import audit_log

blueprint = Blueprint("files", __name__)
_STYLE = re.compile(rb"<style>(.*?)</style>", re.S)


@blueprint.get("/<pack>/preview")
@requires("write_plan")
def preview_page(pack: str) -> Response:
    """Serve the draft's page as it would be frozen now."""
    return _html_response(freeze.render_pack(require_draft(pack)).encode())


@blueprint.get("/<pack>/pack.html")
@requires("read_results")
def frozen_html(pack: str) -> Response:
    """Serve the frozen pack as a page of its own."""
    html, _pdf, number = _stored_files(pack)
    audit_log.note("pack_taken", pack=number, file="html")
    return _html_response(html, f"motespaket-{number}.html")


@blueprint.get("/<pack>/pack.pdf")
@requires("read_results")
def frozen_pdf(pack: str) -> Response:
    """Serve the frozen pack as a PDF that a screen reader can read."""
    _html, pdf, number = _stored_files(pack)
    if pdf is None:
        abort(404)
    audit_log.note("pack_taken", pack=number, file="pdf")
    return Response(pdf, content_type="application/pdf", headers=_content_disposition(f"motespaket-{number}.pdf"))


def _stored_files(pack: str) -> tuple[bytes, bytes | None, int]:
    found = authorise(pack)
    with read_transaction(services.engine()) as connection:
        files = packs.files(connection, found.id)
    if files is None or found.number is None:
        abort(404)
    return *files, found.number


def _html_response(html: bytes, name: str = "") -> Response:
    """Serve the page under a policy that lets in its own style and pictures, and nothing else."""
    style = _STYLE.search(html)
    own = base64.b64encode(sha256(style[1] if style else b"").digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{own}'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {"Content-Security-Policy": policy} | (_content_disposition(name, "inline") if name else {})
    return Response(html, content_type="text/html; charset=utf-8", headers=headers)


def _content_disposition(name: str, disposition: str = "attachment") -> dict[str, str]:
    return {"Content-Disposition": f'{disposition}; filename="{name}"'}
