"""The identity of the code that makes numbers: its files and libraries, and what has changed."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib import metadata
from pathlib import Path

import sim

SOURCES = (
    "inputs/*", "evidence/*", "scenario/*", "model/*", "ensemble/*", "explore/axis.py",
    "explore/design.py", "explore/plan.py", "explore/rows.py", "explore/source.py",
    "explore/work.py",
)  # fmt: skip
"""What can move a number of a sweep; figures, comparisons and commands cannot."""

LIBRARIES = ("mesa", "numba", "numpy", "pyarrow", "scipy")


def code_files() -> dict[str, str]:
    """Each source that can move a number, with 16 hex digits of its SHA-256; libraries too."""
    root = Path(sim.__file__).parent
    found = {
        path.relative_to(root.parent).as_posix(): _digest(path)
        for pattern in SOURCES
        for path in sorted(root.glob(pattern))
        if path.suffix in (".py", ".csv")
    }
    found["python"] = platform.python_version()
    return found | {name: metadata.version(name) for name in LIBRARIES}


def digest_of(files: dict[str, str]) -> str:
    """One hash over all of `code_files`, 16 hex digits."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]


def changed_code(then: dict[str, str], now: dict[str, str]) -> list[str]:
    """What differs, in words: files by path, libraries with both versions."""
    changed = []
    for name in sorted({*then, *now}):
        before, after = then.get(name), now.get(name)
        if before == after:
            continue
        if before is None or after is None:
            changed.append(f"{name} ({'new' if before is None else 'gone'})")
        elif name.startswith("sim/"):
            changed.append(name)
        else:
            changed.append(f"{name} ({before} then, {after} now)")
    return changed


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]
