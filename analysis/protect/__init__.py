"""The gate: what may be shown of a table of counts, and what an attacker can work out of what is shown.

For the publication, and for whoever wants to try to break it. Four steps: what is too small by itself (`primary`),
what is too alike (`uniform`), what must go so that sums do not give it back (`secondary`), and the attack that
checks all of it (`audit`, with `worlds` for figures that are no sums). Counts in, sets of names out.
"""

from analysis.protect.audit import attack, narrow
from analysis.protect.hiding import Hiding, Pattern, Step, Unprotectable
from analysis.protect.primary import Detail, detail_of, printed
from analysis.protect.secondary import confirm, protect, suppress
from analysis.protect.system import BrokenTable, System
from analysis.protect.uniform import cap_of, capped, field_of
from analysis.protect.worlds import Figure, Worlds

__all__ = [
    "BrokenTable",
    "Detail",
    "Figure",
    "Hiding",
    "Pattern",
    "Step",
    "System",
    "Unprotectable",
    "Worlds",
    "attack",
    "cap_of",
    "capped",
    "confirm",
    "detail_of",
    "field_of",
    "narrow",
    "printed",
    "protect",
    "suppress",
]
