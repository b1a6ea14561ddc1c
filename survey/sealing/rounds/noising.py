"""Noising of exact counts, in memory: the last step before a closing writes, and the only way to write.

For the closing. Each figure's noise is drawn once, from bits that the round's own seed and the figure's address decide:
in whatever order the work is done, and however often it is begun again, the noise is the same. Which figures there are
depends on how many answered and never on what.
"""

import hmac
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from survey.domain.disclosure.matching import MIN_MATCHED_UNITS, matched_units, units_below, weights
from survey.domain.disclosure.noise import BitStream, discrete_laplace, draw_three
from survey.domain.disclosure.noised import CLASSES_OF, EVERYONE, REST, Address, Figures, Matched, Noised
from survey.domain.questions.answer_scale import NON_SUBSTANTIVE, NOT_YES, QUESTIONS, ROLES, answer_codes_of
from survey.domain.rounds.collection_modes import COLLECTION_MODES
from survey.sealing.keys.registry import Registry
from survey.sealing.rounds.counting import ALL, Counts
from survey.sealing.rounds.decrypt_round import Counted

Key = tuple[str, str]  # a place and a part of it


@dataclass(frozen=True)
class NoiseDraws:
    """The noise of one round: each draw by its own label."""

    key: bytes
    round: str

    def bits(self, *label: str) -> BitStream:
        """Return the random bits of one figure."""
        return BitStream(self.key, "|".join((self.round, *label)))

    def noised_three(self, counts: Counts, question: str, epsilon: Fraction, *label: str) -> Figures:
        """Return the counts of yes, not yes and outside with their noise."""
        yes, not_yes, outside = three_counts(counts, question)
        u, v, w = draw_three(self.bits(*label, question, "three"), epsilon)
        return Figures(yes + u, not_yes + v, outside + w)


def draws_of(seed: bytes, round_key: str) -> NoiseDraws:
    """Return the round's draws, from its seed; they go when the seed is erased."""
    return NoiseDraws(hmac.digest(seed, b"noise-1", "sha256"), round_key)


def three_counts(counts: Counts, question: str) -> tuple[int, int, int]:
    """Return the counts of yes, of not yes, and of those outside the base of the question."""
    yes, not_yes = counts[question, "yes"], sum(counts[question, code] for code in NOT_YES)
    return yes, not_yes, counts[ALL, ALL] - yes - not_yes


@dataclass
class _Exact:
    """A role's exact counts at every node, in memory: those opened at each place, and with all below."""

    opened: Mapping[str, Counts]
    by_class: Mapping[str, Counts]
    whole: dict[str, Counts] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=dict)

    def sum_up(self, place: str) -> Counts:
        """Return a place's own counts with those of all below it."""
        total: Counts = Counter(self.opened.get(place, {}))
        for child in self.below.get(place, ()):
            total.update(self.sum_up(child))
        self.whole[place] = total
        return total

    def only_node_below(self, place: str) -> Key | None:
        """Return the one node below that holds all of a place's persons; None unless there is just one."""
        nodes = [((child, EVERYONE), self.whole[child]) for child in self.below[place]]
        nodes.append(((place, REST), Counter(self.opened.get(place, {}))))
        found = [key for key, counts in nodes if counts[ALL, ALL]]
        return found[0] if len(found) == 1 else None


def noised(counted: Counted, registry: Registry, seed: bytes, round_key: str) -> Noised:
    """Return every figure of a round with its noise."""
    draws = draws_of(seed, round_key)
    exact = {role: _exact(counted, registry, role) for role in ROLES}
    figures: dict[Address, Figures] = {}
    for role in ROLES:
        figures |= _Role(role, exact[role], registry, draws).figures()
    answered = {
        (place, role, channel): found.places[place][ALL, ALL] if place in found.places else 0
        for (role, channel), found in sorted(counted.classes.items())
        for place in sorted(registry.parents)
    }
    matched = {
        (place, role, question): sums
        for place in sorted(exact["patient"].below)
        for (role, question), sums in _matched(place, exact, registry, draws).items()
    }
    groups = {key: counts[ALL, ALL] for key, counts in counted.background.items()}
    epsilon = registry.protection.background
    background = {
        (*key, question): draws.noised_three(counts, question, epsilon, "background", *key)
        for key, counts in sorted(counted.background.items())
        for question in QUESTIONS
    }
    tree = json.dumps({place: [registry.level(place), above] for place, above in sorted(registry.parents.items())})
    return Noised(answered, figures, matched, groups, background, tree)


def _exact(counted: Counted, registry: Registry, role: str) -> _Exact:
    opened: dict[str, Counts] = {}
    by_class: dict[str, Counts] = {channel: Counter() for channel in COLLECTION_MODES}
    for (whose, channel), found in counted.classes.items():
        for place, counts in found.places.items() if whose == role else ():
            opened.setdefault(place, Counter()).update(counts)
            by_class[channel].update(counts)
    exact = _Exact(opened, by_class)
    for place, above in registry.parents.items():
        if registry.level(place) != "unit":
            exact.below.setdefault(place, [])
        if above is not None:
            exact.below.setdefault(above, []).append(place)
    exact.sum_up(registry.top)
    return exact


@dataclass
class _Role:
    """One role's figures, place by place from below: a place may copy one that is below it."""

    role: str
    exact: _Exact
    registry: Registry
    draws: NoiseDraws
    made: dict[Address, Figures] = field(default_factory=dict)

    def figures(self) -> dict[Address, Figures]:
        """Return all figures by address."""
        for place in sorted(self.exact.whole, key=lambda place: (-self.registry.depth(place), place)):
            level = self.registry.level(place)
            self._opened_at(place, EVERYONE if level == "unit" else REST)
            if level != "unit":
                self._above(place, level)
        return self.made

    def _opened_at(self, place: str, part: str) -> None:
        counts = Counter(self.exact.opened.get(place, {}))
        for question in QUESTIONS:
            drawn = self.draws.noised_three(counts, question, self.registry.protection.unit, place, part, self.role)
            self.made[place, part, self.role, question] = drawn

    def _above(self, place: str, level: str) -> None:
        alone = self.exact.only_node_below(place)
        for question in QUESTIONS:
            address = (place, EVERYONE, self.role, question)
            if alone is not None:
                self.made[address] = self.made[*alone, self.role, question]
            else:
                self.made[address] = self._by_answer_code(self._three(place, question), level, address)

    def _three(self, place: str, question: str) -> Figures:
        """Return a place's own three figures; at the top, residents' are the sum over their collection modes.

        No two classes share a person. So a person is in one draw of that level and not in two, and an open link can be
        told from a code of one's own.
        """
        level = self.registry.level(place)
        epsilon = self.registry.protection.of_level(level)
        if self.role != CLASSES_OF or place != self.registry.top:
            return self.draws.noised_three(self.exact.whole[place], question, epsilon, place, EVERYONE, self.role)
        total = Figures(0, 0, 0)
        for channel, counts in self.exact.by_class.items():
            own = self.draws.noised_three(counts, question, epsilon, place, channel, self.role)
            self.made[place, channel, self.role, question] = own
            if counts[ALL, ALL]:
                total = Figures(
                    total.yes + own.yes, total.not_yes + own.not_yes, total.non_substantive + own.non_substantive
                )
        return total

    def _by_answer_code(self, drawn: Figures, level: str, address: Address) -> Figures:
        """Return the figures of the codes that a level tells apart, each with noise of its own."""
        place, _part, role, question = address
        counts, codes = self.exact.whole[place], answer_codes_of(role, question)
        epsilon = self.registry.protection.of_level(level)
        *nearest, last = (code for code in NOT_YES if code in codes)
        apart = {code: self._one(code, counts, epsilon, address) for code in nearest}
        if nearest:
            apart[last] = drawn.not_yes - sum(apart.values())
        if level in ("region", "nation"):
            apart |= {code: self._one(code, counts, epsilon, address) for code in NON_SUBSTANTIVE if code in codes}
        return replace(drawn, apart=apart)

    def _one(self, code: str, counts: Counts, epsilon: Fraction, address: Address) -> int:
        question = address[3]
        return counts[question, code] + discrete_laplace(self.draws.bits(*address, code), epsilon)


def _matched(
    place: str, exact: Mapping[str, _Exact], registry: Registry, draws: NoiseDraws
) -> dict[tuple[str, str], Matched]:
    """Return a place's weighted sums over its matched units, where there are enough of them; else none."""
    below = units_below(exact["patient"].below, place)
    n = {role: {unit: exact[role].whole[unit][ALL, ALL] for unit in below} for role in ROLES}
    units = matched_units(n, {role: registry.threshold(role) for role in ROLES})
    if not units or (place != registry.top and len(units) < MIN_MATCHED_UNITS):
        return {}
    found: dict[tuple[str, str], Matched] = {}
    for role, each in weights(n, units).items():
        heaviest = max(each.values())
        for question in QUESTIONS:
            threes_of = {unit: three_counts(exact[role].whole[unit], question) for unit in units}
            yes, not_yes = (sum(each[unit] * threes_of[unit][which] for unit in units) for which in (0, 1))
            epsilon = registry.protection.of_gap(role) / heaviest
            u, v, _ = draw_three(draws.bits(place, "matched", role, question), epsilon)
            found[role, question] = Matched(yes + u, not_yes + v, heaviest)
    return found
