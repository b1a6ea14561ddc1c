"""What the tests of sentences say them of: cells that are all alike, and tables of the one unit."""

from typing import Any

import pandas as pd

from analysis.frames import frame
from analysis.localisation import PlainLocalisation
from tests.analysis.invented import ROUNDS

TEXTS = PlainLocalisation({key: key for key in ROUNDS}, {"odensala": "Odensala"})


def all_cells(patient: dict[str, Any], provider: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"place": place, "role": role, "question": question, **cell}
        for place in ("region", "ostersund", "odensala")
        for question in frame.QUESTIONS
        for role, cell in (("patient", patient), ("provider", provider))
    ]


def table_of(chart: Any, made: list[dict[str, Any]]) -> pd.DataFrame:
    return chart.table(frame.cells(made, "odensala"), frame.gaps(made, "odensala"), "odensala")
