"""What was measured: one JSON file from which the pages take every number, and what moved in it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "measured.json"
DIGITS = 4
"""Significant digits that are kept: more than any page prints, fewer than machines differ in."""

Measured = dict[str, Any]


def read(path: Path = FILE) -> Measured:
    """All steps by name, each with its `command` and numbers; empty before the first remake."""
    if not path.is_file():
        return {}
    found: Measured = json.loads(path.read_text(encoding="utf-8"))
    return found


def write(measured: Measured, path: Path = FILE) -> None:
    """Write it whole, in the order of its names."""
    text = json.dumps(_rounded(measured), indent=1, sort_keys=True, ensure_ascii=False)
    hidden = path.with_suffix(".part")
    hidden.write_text(text + "\n", encoding="utf-8", newline="\n")
    hidden.replace(path)


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every number or text with its place, as `validation.model.log_score`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from leaves(inner, f"{name}[{position}]")
    else:
        yield name, value


def moved(before: Measured, after: Measured) -> list[tuple[str, str, str]]:
    """Places whose value differs to three digits: name, old, new; a dash where there was none."""
    old, new = dict(leaves(before)), dict(leaves(after))
    rows = []
    for name in sorted(old.keys() | new.keys()):
        one, other = shown(old.get(name)), shown(new.get(name))
        if one != other:
            rows.append((name, one, other))
    return rows


def shown(value: Any) -> str:
    """A value in three digits."""
    if value is None:
        return "-"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _rounded(value: Any) -> Any:
    """Numbers to DIGITS; what is not finite becomes null, as JSON has no other word for it."""
    if isinstance(value, dict):
        return {str(key): _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return float(f"{value:.{DIGITS}g}")
    return value
