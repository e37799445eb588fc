"""The passages of the pages that hold measured numbers, by page and by the name between marks."""

from __future__ import annotations

from collections.abc import Callable

from docs.remaking.calibration_page import both, learned, models, more_data, single, together
from docs.remaking.cuts import cuts
from docs.remaking.measured import Measured
from docs.remaking.mechanisms import mechanisms_table
from docs.remaking.other_pages import answer, coded, draft, pairing, taught, tried

Passage = Callable[[Measured], str]

PAGES: dict[str, dict[str, Passage]] = {
    "README.md": {"coded": coded, "pairing": pairing, "taught": taught},
    "docs/calibration.md": {
        "learned": learned, "together": together, "single": single, "both": both,
        "models": models, "mechanisms": mechanisms_table, "more_data": more_data,
    },
    "docs/explorer.md": {"answer": answer},
    "docs/example_ged.md": {"draft": draft, "tried": tried, "cuts": cuts},
}  # fmt: skip
"""The passages of each page, by the name between its marks."""
