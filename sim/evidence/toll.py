"""A running toll: the counts of one event as they were printed, each with its time and floor."""

from __future__ import annotations

import pandas as pd

from sim.evidence.body import Evidence
from sim.evidence.form import Window
from sim.evidence.timeline import timestamps


def as_of(evidence: Evidence, statement: str) -> Window:
    """When the count of a statement was taken.

    Where the statement does not say, it is between the beginning of what is counted and the
    latest moment its text can speak of.
    """
    found = evidence.statements[statement]
    if found.as_of is not None:
        return found.as_of
    return Window(
        earliest=found.window.earliest, latest=evidence.article_of(statement).citation.latest
    )


def running_toll(evidence: Evidence, conflict: str) -> pd.DataFrame:
    """The series of a running toll, one row per statement in the order in which the count grew.

    Columns: statement, earliest and latest (time of the count, with time zone), floor (the number
    vouched for), exact (whether it was printed as exact rather than as a floor), source.

    Raises:
        KeyError: no such conflict.
        ValueError: it is not a running toll.
    """
    found = evidence.conflicts[conflict]
    if found.kind != "running_toll":
        raise ValueError(f"{conflict} is a {found.kind}, not a running toll")
    rows = []
    for name in found.statements:
        quantity = evidence.statements[name].quantity(str(found.measure))
        window = as_of(evidence, name)
        rows.append(
            {
                "statement": name,
                "earliest": window.earliest,
                "latest": window.latest,
                "floor": quantity.floor if quantity is not None else None,
                "exact": quantity is not None and quantity.best is not None,
                "source": evidence.source(name),
            }
        )
    return timestamps(pd.DataFrame(rows), evidence)
