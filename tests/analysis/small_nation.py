"""National editions as small as can be: regions with a gap each, the same on every question but for chance."""

from random import Random
from typing import Any

from analysis.frames.frame import QUESTIONS, ROLES

NATION = "sverige"


def edition(at: int, gaps: dict[str, float], *, wording: str = "a", seed: int = 1, weight: int = 100) -> dict[str, Any]:
    """A national edition of these regions, each with its gap on every question; one a half-year."""
    rng, nation = Random(seed * 1000 + at), {"key": NATION, "name": "Sverige", "level": "nation", "parent": None}
    rows = []
    for question in QUESTIONS:
        for key, gap in gaps.items():
            found = round(gap + rng.gauss(0, 2), 2)
            limits = {"gap": found, "se": 2.0, "low": found - 3.92, "high": found + 3.92}
            sizes = {"units": 3, "units_excluded": 0, "patients": 200, "providers": 60}
            about = {"place": key, "question": question, "status": "shown", "kind": "matched"}
            rows.append(about | limits | sizes)
    day = f"{2020 + at // 2}-{'03' if at % 2 == 0 else '10'}-10"
    return {
        "number": at + 1,
        "round": {"key": f"r{at}", "name": f"omgång {at}", "opens": day, "closes": day},
        "wordings": {role: dict.fromkeys(QUESTIONS, wording) for role in ROLES},
        "versions": dict.fromkeys(ROLES, "underlag-2021"),
        "thresholds": {"patient": 10, "provider": 5},
        "regions": [
            {"key": key, "name": key, "status": "included", "weights": dict.fromkeys(QUESTIONS, weight)} for key in gaps
        ],
        "regions_expected": len(gaps),
        "places": [nation | {"joined": True}, *({**nation, "key": key, "level": "region"} for key in gaps)],
        "gaps": rows,
        **{name: [] for name in ("cells", "gap_changes", "respondents")},
    }
