"""PostgreSQL's lines that let our accounts sign in over the socket, each as the role of its part.

The server goes by the account's name there, and ours are called otherwise. For `flask init` on the server's machine.
"""

import os
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from survey.cli.install.accounts import OWNER, RESIDENT, STAFF, WORKER
from survey.cli.install.report import Report
from survey.cli.install.settings_files import role_of

MAP = "survey"
_FILES = "SHOW hba_file; SHOW ident_file;"


def ensure_peer_map(ask: Callable[[str], list[str]], inner: sa.URL, report: Report) -> None:
    """Write the lines into the server's two files where they are missing, and let it read them."""
    hba, ident = (Path(found) for found in ask(_FILES))
    roles = {OWNER: inner.username or OWNER}
    roles |= {WORKER: role_of("worker", inner), STAFF: role_of("staff", inner), RESIDENT: role_of("resident", inner)}
    databases = f"{inner.database},{inner.database}_drill"
    changed = _add(ident, "".join(f"{MAP}  {account}  {role}\n" for account, role in roles.items()), first=False)
    # The first line that fits decides.
    changed |= _add(hba, f"local  {databases}  {','.join(roles.values())}  peer map={MAP}\n", first=True)
    if changed:
        ask("SELECT pg_reload_conf();")
        report.made("database", f"the accounts' way in, in {hba} and {ident}")
    else:
        report.there("database", f"the accounts' way in, in {hba}")


def _add(path: Path, lines: str, *, first: bool) -> bool:
    """Write lines into a file that keeps its owner and rights; return whether any was missing."""
    text = path.read_text(encoding="utf-8")
    known = {" ".join(line.split()) for line in text.splitlines()}
    wanted = "".join(f"{line}\n" for line in lines.splitlines() if " ".join(line.split()) not in known)
    if not wanted:
        return False
    there = path.stat()
    half = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        os.fchown(file.fileno(), there.st_uid, there.st_gid)
        os.fchmod(file.fileno(), there.st_mode & 0o777)
        file.write(wanted + text if first else text.rstrip("\n") + "\n" + wanted)
        os.fsync(file.fileno())
    half.replace(path)
    return True
