"""The answer of a command on standard output: words, JSON, or only where it was written."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.cli.options import word_of

FORMATS = ("text", "json")


def add_answer(parser: argparse.ArgumentParser) -> None:
    """The options --format and --quiet."""
    parser.add_argument(
        "--format", metavar="FORMAT", type=word_of(FORMATS), default="text",
        help="text, or json: one object on standard output (default text)",
    )  # fmt: skip
    parser.add_argument(
        "--quiet", action="store_true",
        help="no progress and no table: only what was written, if anything, and problems",
    )  # fmt: skip


def print_json(answer: Mapping[str, Any]) -> None:
    """One JSON object; a missing number is null, a table a list of its rows."""
    print(json.dumps(_plain(answer), indent=2, ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    if hasattr(value, "columns"):  # a table; pandas itself is not loaded for this
        return [_plain(row) for row in value.to_dict("records")]
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item"):  # a NumPy scalar
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
