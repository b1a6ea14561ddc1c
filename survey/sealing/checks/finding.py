"""The form of a finding of the deep check. For all its checks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A finding: the subject, whether it is as promised, and the details."""

    name: str
    ok: bool
    detail: str
