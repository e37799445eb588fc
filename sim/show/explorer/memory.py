"""Memory: what is freed goes back to the system, so that a page left open all day stays small."""

from __future__ import annotations

import contextlib
import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # names of glibc's malloc.h
ARENAS, LARGE = 2, 1 << 20


def give_back_freed_memory() -> None:
    """Tell glibc to keep two arenas, not eight a core, and to map arrays of 1 MB and more each for
    itself, so that freeing one frees it. Elsewhere nothing is done."""
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, ARENAS)
        library.mallopt(M_MMAP_THRESHOLD, LARGE)
        library.mallopt(M_TRIM_THRESHOLD, LARGE)


def trim() -> None:
    """Give back what is free between the allocations now."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
