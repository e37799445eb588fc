"""The compiler's decorator, with a cache that can never serve stale code.

Numba's own cache notices an edit of the file that holds a compiled function, but not of the files
whose functions it calls. So the cache folder is named after a hash of every source of this package
and of the versions it was compiled with: an edit anywhere means another folder.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.extending import register_jitable

from sim.inputs.code_identity import hash_of
from sim.model.cache import CacheFolder, CheckedCache, cache_root, open_cache, say


def source_hash() -> str:
    """Hash of this package's sources and the versions they are compiled with, 16 hex digits."""
    here = Path(__file__).parent
    # the parameter vector's layout is compiled in as constants
    layout = [here.parent / "scenario" / name for name in ("parameters.py", "mechanisms.py")]
    versions = f"{sys.version}|{numba.__version__}|{np.__version__}"
    sources = hash_of([*here.glob("*.py"), *layout])
    return hashlib.sha256(f"{versions}|{sources}".encode()).hexdigest()[:16]


CACHE = open_cache(cache_root(), f"kernel-{source_hash()}")
if CACHE.path is not None:
    numba.config.CACHE_DIR = str(CACHE.path)  # type: ignore[attr-defined]

IS_COMPILED = not numba.config.DISABLE_JIT  # type: ignore[attr-defined]
"""False where NUMBA_DISABLE_JIT is set: rules are plain Python then, and there is no kernel."""


def announce(cache: CacheFolder | None = None, rules: str = "") -> None:
    """Say that the kernel is about to be compiled, where it takes long, and why each time.

    ``cache``: where it is kept, if not with the model's own; ``rules``: the file of the user's own
    that it is compiled with.
    """
    cache = cache or CACHE
    kernel, once = ("kernel", "version")
    if rules:
        kernel, once = f"kernel with {rules}", "state of the file"
    if cache.path is None:
        say(f"compiling the {kernel} (about 20 s); it cannot be kept: {cache.why}")
    elif not cache.is_warm():
        say(f"compiling the {kernel}, once for this {once} (about 20 s) ...")


# Without the runtime's reference counts, as nothing in an hour allocates.
OPTIONS: dict[str, Any] = {"_nrt": False, "error_model": "numpy"}
# A rule stays plain Python for the Mesa agents and is inlined where the kernel calls it. Nobody
# calls it from outside compiled code, so it needs no wrappers.
rule = register_jitable(
    forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, **OPTIONS
)  # fmt: skip


# A rule of the user's own, whose indices are checked: one out of bounds is an error and no crash.
own_rule = register_jitable(
    forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, boundscheck=True, **OPTIONS
)


def compiled(function: Callable[..., Any], inline: bool = False, cache: CacheFolder = CACHE) -> Any:
    """Compile a function that releases the interpreter lock, and keep the result on disk.

    ``inline`` is never left to Numba: it would depend on who calls the function first. ``cache``:
    where what is compiled is kept, if not with the model's own.
    """
    options = {**OPTIONS, "nogil": True, "forceinline": inline}
    dispatcher = numba.njit(**options)(function)
    if IS_COMPILED and cache.path is not None:
        try:
            dispatcher._cache = CheckedCache(function, None if cache is CACHE else cache.path)
        except (RuntimeError, OSError):  # Numba finds no place for it
            return dispatcher
    return dispatcher


def compiled_inline(function: Callable[..., Any]) -> Any:
    """As ``compiled``, for a function that compiled code inlines wherever it calls it."""
    return compiled(function, inline=True)
