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


# Without the runtime's reference counts, as nothing in an hour allocates.
OPTIONS: dict[str, Any] = {"_nrt": False, "error_model": "numpy"}
# A rule stays plain Python for the Mesa agents and is inlined where the kernel calls it. Nobody
# calls it from outside compiled code, so it needs no wrappers.
rule = register_jitable(
    forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, **OPTIONS
)  # fmt: skip


def compiled(function: Callable[..., Any], inline: bool = False) -> Any:
    """Compile a function that releases the interpreter lock, and keep the result on disk.

    ``inline`` is never left to Numba: it would depend on who calls the function first.
    """
    options = {**OPTIONS, "nogil": True, "forceinline": inline}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder that can be written to
        return numba.njit(**options)(function)


def compiled_inline(function: Callable[..., Any]) -> Any:
    """As ``compiled``, for a function that compiled code inlines wherever it calls it."""
    return compiled(function, inline=True)
