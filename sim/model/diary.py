"""The diary: per step of the clock, the cells that may have something to do in it.

The kernel looks only at the cells on a step's page, where Mesa asks every cell every hour. The
diary decides nothing: a cell on a page asks the same rule as any other, so being there too early
costs time and no result. It must only never be there too late.

A page is a row of words with one bit per cell.
"""

from __future__ import annotations

import numpy as np

from sim.model.compiled import rule
from sim.model.layout import DIARY_BITS as BITS
from sim.model.layout import State

SLACK = 1e-9  # share of a step by which a page may be early: more than rounding, less than matters

_ONE = np.uint64(1)
_SPREAD = np.uint64(0x03F79D71B4CB0A89)  # a de Bruijn sequence: six bits of it tell a shift
_TOP = np.uint64(BITS - 6)
_SHIFTS = np.zeros(BITS, np.int64)
for _shift in range(BITS):
    _SHIFTS[((int(_SPREAD) << _shift) & (2**BITS - 1)) >> int(_TOP)] = _shift


@rule
def note(s: State, cell: int, step: int) -> None:
    """Put a cell on a step's page, or on the next that opens; a step beyond the clock has none."""
    page = max(step, s.run[0]["page"])
    if page < s.diary.shape[0]:
        s.diary[page, cell // BITS] |= _ONE << np.uint64(cell % BITS)


@rule
def take_first(s: State, step: int, word: int) -> int:
    """Take the first cell off a word of a step's page."""
    bits = s.diary[step, word]
    rest = bits & (bits - _ONE)
    s.diary[step, word] = rest
    return word * BITS + _SHIFTS[((bits ^ rest) * _SPREAD) >> _TOP]
