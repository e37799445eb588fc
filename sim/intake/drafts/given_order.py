"""An order that a user gives to a draft: whose, on which day, of which kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sim.inputs import InputError, Problem, nearest
from sim.scenario.vocabulary import AddressedTo, DeclaredBy, Extent, OrderKind

WORDS: dict[str, type[StrEnum]] = {
    "order": OrderKind,
    "declared_by": DeclaredBy,
    "addressed_to": AddressedTo,
    "part": Extent,
}
"""Keys of a decision whose value is one of a few words, so that the word alone says the key."""

FLAGS = ("written", "monitored", "humanitarian")
HOURS = ("lasts_h", "ultimatum_h")
KEY_OF: dict[str, tuple[str, Any]] = {
    **{word.value: (key, word.value) for key, words in WORDS.items() for word in words},
    **{flag: (flag, True) for flag in FLAGS},
}
FORM = "PARTY=YYYY-MM-DD and, by commas, what kind of order it was"


@dataclass(frozen=True)
class GivenOrder:
    """One order.

    Attributes:
        party: id of the party whose leader gives it.
        day: when.
        keys: keys of the decision beside the leader and the window, ``order`` among them.
        text: as the user wrote it.
    """

    party: str
    day: date
    keys: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""


def read_orders(texts: Sequence[str], parties: Sequence[str]) -> list[GivenOrder]:
    """Orders written as ``PARTY=DAY[,KIND...]``, in the order of their days.

    KIND is a word of a decision's form (withdraw, government, both_sides, written, part ...), or
    ``lasts_h=HOURS`` or ``ultimatum_h=HOURS``. Without a word of its own an order is to restrain.

    Raises:
        InputError: whatever cannot be read, all at once, with the nearest name.
    """
    found: list[GivenOrder] = []
    problems: list[Problem] = []
    for text in texts:
        party, _, rest = text.partition("=")
        day, *words = (part.strip() for part in rest.split(","))
        where = f"--order {text}"
        if party not in parties:
            problems.append(Problem(where, None, None, f"unknown party '{party}'",
                                    _list("one of", parties), nearest(party, parties)))  # fmt: skip
        try:
            moment = date.fromisoformat(day)
        except ValueError:
            problems.append(Problem(where, None, None, f"'{day}' is no day", FORM))
            continue
        keys: dict[str, Any] = {}
        for word in words:
            problem = _take(word, keys)
            if problem is not None:
                problems.append(Problem(where, None, None, *problem))
        keys.setdefault("order", OrderKind.RESTRAIN.value)
        found.append(GivenOrder(party, moment, keys, text))
    if problems:
        raise InputError(problems)
    return sorted(found, key=lambda one: (one.day, one.party))


def _take(word: str, keys: dict[str, Any]) -> tuple[str, str | None, str | None] | None:
    """Put one word into the keys; else what is wrong, what was expected, the nearest name."""
    name, equals, number = word.partition("=")
    if equals and name in HOURS:
        try:
            hours = float(number)
        except ValueError:
            hours = -1.0
        if not 0 < hours <= 1e9:
            return f"'{number}' is no number of hours", "a number above 0", None
        key, value = name, hours
    elif not equals and word in KEY_OF:
        key, value = KEY_OF[word]
    else:
        known = [*KEY_OF, *(f"{hours}=HOURS" for hours in HOURS)]
        return f"'{word}' is no kind of order", _list("one of", known), nearest(word, KEY_OF)
    if key in keys:
        return f"'{word}' says '{key}' a second time", "one word for each", None
    keys[key] = value
    return None


def _list(lead: str, names: Sequence[str], most: int = 20) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{lead} {', '.join(names[:most])}{more}"
