"""Deciding files: every source that a calibration's draws can depend on, found by its imports.

A list kept by hand forgets; the one before this forgot the file that draws the bank. So the files
are those that a bank's run and a calibration import, straight or through others, with the tables of
data that lie beside them.
"""

from __future__ import annotations

import ast
import hashlib
from functools import lru_cache
from pathlib import Path

import sim

ROOTS = ("sim.calibrate.bank", "sim.calibrate.calibration", "sim.calibrate.facts")
"""What runs a bank, what conditions on it, and what decides which scenario is run."""
DATA = (".csv", ".yaml", ".json")


def deciding_files(root: Path | None = None) -> list[Path]:
    """The sources below a project's top folder (default: this one), sorted by path.

    Followed are all imports of modules of ``sim``, inside functions too, and the packages' own
    ``__init__``; not those that only a type checker reads. Data files of a package are taken where
    any module of it is.
    """
    root = root or Path(sim.__file__).parents[1]
    found: set[Path] = set()
    left = list(ROOTS)
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


def model_hash(root: Path | None = None) -> str:
    """SHA-256 over the deciding files, paths and line ends platform-neutral, first 16 digits."""
    root = root or Path(sim.__file__).parents[1]
    digest = hashlib.sha256()
    for path in deciding_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]


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
