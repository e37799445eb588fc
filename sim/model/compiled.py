"""The compiler's decorator, with a cache that can never serve stale code.

Numba's own cache notices an edit of the file that holds a compiled function, but not of the files
whose functions it calls. So the cache folder is named after a hash of every source of this package
and of the versions it was compiled with: an edit anywhere means another folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.extending import register_jitable

KEPT_CACHES = 4


def source_hash() -> str:
    """Hash of this package's sources and the versions they are compiled with, 16 hex digits."""
    digest = hashlib.sha256(f"{sys.version}|{numba.__version__}|{np.__version__}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    # the parameter vector's layout is compiled in as constants
    digest.update((Path(__file__).parents[1] / "scenario" / "parameters.py").read_bytes())
    return digest.hexdigest()[:16]


def cache_root() -> Path:
    """Folder that holds one cache folder per state of the sources."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "standdown"


def _use_cache() -> Path:
    root = cache_root()
    folder = root / f"kernel-{source_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        older = sorted(root.glob("kernel-*"), key=lambda p: p.stat().st_mtime, reverse=True)
        for stale in older[KEPT_CACHES:]:
            shutil.rmtree(stale, ignore_errors=True)
    except OSError:
        return folder  # a read-only home: Numba compiles anew, nothing breaks
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return folder


CACHE_FOLDER = _use_cache()


def is_warm() -> bool:
    """Whether the cache already holds code compiled from these very sources."""
    return any(CACHE_FOLDER.rglob("*.nbc"))


# A rule stays plain Python for the Mesa agents and is inlined where the kernel calls it: World and
# State are tuples of some forty arrays, and handing them on costs more than what a rule works out.
# Without the runtime's reference counts, as nothing in an hour allocates.
rule = register_jitable(_nrt=False, forceinline=True, error_model="numpy")
OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False, "error_model": "numpy"}


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function that releases the interpreter lock, and keep the result on disk."""
    try:
        return numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # no folder that can be written to
        return numba.njit(**OPTIONS)(function)
