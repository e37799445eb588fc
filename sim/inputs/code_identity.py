"""The identity of the code: which sources can move a number, and one hash over them.

Every result, calibration, sweep and compiled kernel says by which code it was made. They differ in
which files count, and there are three answers: all of the project, those behind some modules, found
by their imports, or a list that is given. The hash over them is made in one way, by `hash_of`. A
list kept by hand forgets; the one that calibrations had forgot the file that draws the bank.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Iterable
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import sim

CALIBRATION = ("sim.calibrate.bank", "sim.calibrate.calibration", "sim.calibrate.facts")
"""What runs a bank, what conditions on it, and what decides which scenario is run."""

SWEEP = (
    *("inputs/*", "evidence/*", "scenario/*", "model/*", "ensemble/*", "explore/axis.py"),
    *("explore/design.py", "explore/plan.py", "explore/rows.py", "explore/scenario_source.py"),
    "explore/work.py",
)
"""What can move a number of a sweep, below `sim`. By a list: by imports it would be all of the
package, and a figure that is drawn otherwise would keep a sweep from going on."""

LIBRARIES = ("mesa", "numba", "numpy", "pyarrow", "scipy")
"""That can move a number of a sweep."""

DATA = (".csv", ".yaml", ".json")


def top_folder() -> Path:
    """The project's top folder."""
    return Path(sim.__file__).parents[1]


def hash_of(files: Iterable[Path], root: Path | None = None) -> str:
    """SHA-256 over files in the order of their paths below ``root``, 64 hex digits.

    Paths and line ends count platform-neutrally.
    """
    root = root or top_folder()
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.relative_to(root).as_posix()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(_content(path) + b"\0")
    return digest.hexdigest()


def code_hash() -> str:
    """The hash over every Python source of the package, 64 hex digits."""
    return hash_of((top_folder() / "sim").rglob("*.py"))


def model_hash(root: Path | None = None) -> str:
    """The hash over what a calibration's draws can depend on, 16 hex digits."""
    return hash_of(files_behind(CALIBRATION, root), root)[:16]


def code_files() -> dict[str, str]:
    """Each file that can move a sweep's numbers, with 16 hex digits of its hash; libraries too."""
    found = {
        path.relative_to(top_folder()).as_posix(): hashlib.sha256(_content(path)).hexdigest()[:16]
        for pattern in SWEEP
        for path in sorted((top_folder() / "sim").glob(pattern))
        if path.suffix in (".py", ".csv")
    }
    found["python"] = platform.python_version()
    return found | {name: metadata.version(name) for name in LIBRARIES}


def digest_of(files: dict[str, str]) -> str:
    """One hash over texts by name, as `code_files` has them, 16 hex digits."""
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


def files_behind(roots: Iterable[str], root: Path | None = None) -> list[Path]:
    """The sources of a project that some of its modules rest on, sorted by path.

    Followed are all imports of modules of ``sim``, inside functions too, and the packages' own
    ``__init__``; not those that only a type checker reads. Data files of a package are taken where
    any module of it is.
    """
    root = root or top_folder()
    found: set[Path] = set()
    left = list(roots)
    seen: set[str] = set()
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        path = _file_of(root, name)
        if path is None:
            continue
        found.add(path)
        if "." in name:
            left.append(name.rpartition(".")[0])
        left.extend(_imported(path.read_text(encoding="utf-8")))
    folders = {path.parent for path in found}
    found |= {f for folder in folders for f in folder.iterdir() if f.suffix in DATA}
    return sorted(found, key=lambda path: path.as_posix())


def _content(path: Path) -> bytes:
    return path.read_bytes().replace(b"\r\n", b"\n")


def _file_of(root: Path, module: str) -> Path | None:
    """The file of a module; None where the name is something inside a module."""
    base = root.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


@lru_cache(maxsize=1024)
def _imported(text: str) -> tuple[str, ...]:
    """Names that a source imports from the package; of ``from a import b`` both a and a.b."""
    left: list[ast.AST] = [ast.parse(text)]
    found: list[str] = []
    while left:
        node = left.pop()
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            left.extend(node.orelse)
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.startswith("sim.")]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module.split(".")[0] == "sim":
                found += [module, *(f"{module}.{alias.name}" for alias in node.names)]
        elif not isinstance(node, ast.expr):
            left.extend(ast.iter_child_nodes(node))
    return tuple(found)
