"""What adds up to what: every count of a round and role by name, and all equations between them. For the gate.

A count is named (kind, node, question). Down the places: region = Σ municipalities = Σ units + "enheten visas inte".
Within a place: answers = base + outside, base = yes + not yes, not yes = partly + no, outside = don't know + not needed
+ skipped. Across: region = Σ channels = background groups' everyone + those beside; everyone = Σ groups of a grouping.
"""

from collections.abc import Iterator

from survey.domain.scale import QUESTIONS, codes_of
from survey.publication.counts import Count, Counts

Name = tuple[str, str, str]
Equation = tuple[Name, tuple[Name, ...]]

INSIDE = ("yes", "not_yes", "partly", "no")
OUTSIDE = ("dont_know", "not_needed", "skipped")
KINDS = ("base", "outside", *INSIDE, *OUTSIDE)
_PARTS = {
    "n": ("base", "outside"),
    "base": ("yes", "not_yes"),
    "not_yes": ("partly", "no"),
    "outside": OUTSIDE,
}


def respondents(node: str) -> Name:
    """The name of how many answered at a node."""
    return ("n", node, "")


def channel(name: str) -> str:
    """The node of one way in, region-wide."""
    return f"channel/{name}"


def wide(count: Count, question: str) -> dict[str, int]:
    """One question's counts by kind."""
    inside = {code: count.of(question, code) for code in ("yes", "partly", "no")}
    outside = {code: count.of(question, code) for code in ("dont_know", "not_needed")}
    base = sum(inside.values())
    outside["skipped"] = count.n - base - sum(outside.values())
    return {"base": base, "outside": count.n - base, "not_yes": inside["partly"] + inside["no"]} | inside | outside


def values_of(counts: Counts) -> dict[Name, int]:
    """Every count by name."""
    values = {respondents(node): count.n for node, count in counts.nodes.items()}
    values |= {respondents(channel(name)): n for name, n in counts.channels.items()}
    for node, count in counts.nodes.items():
        for question in QUESTIONS:
            values |= {(kind, node, question): n for kind, n in wide(count, question).items()}
    return values


def equations_of(counts: Counts) -> Iterator[Equation]:
    """Every sum that holds, and that everybody knows to hold."""
    for whole, parts in counts.sums:
        yield respondents(whole), tuple(map(respondents, parts))
        for question in QUESTIONS:
            for kind in KINDS:
                yield (kind, whole, question), tuple((kind, part, question) for part in parts)
    for node in counts.nodes:
        for question in QUESTIONS:
            for kind, parts in _PARTS.items():
                whole_name = respondents(node) if kind == "n" else (kind, node, question)
                yield whole_name, tuple((part, node, question) for part in parts)
    if counts.channels:
        yield respondents(counts.region), tuple(respondents(channel(name)) for name in counts.channels)


def offered(role: str, question: str, *kinds: str) -> list[str]:
    """Of these kinds, those the role can give for the question; what is not offered is known to be none."""
    codes = codes_of(role, question)
    never = {"partly", "no", "dont_know", "not_needed"} - set(codes)
    return [kind for kind in kinds if kind not in never]
