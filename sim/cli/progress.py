"""A progress bar on standard error, and none where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress_bar(total: int, title: str, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Yields a function to call with the number of replicates just done."""
    bar = tqdm(
        total=total,
        desc=title,
        unit="run",
        file=sys.stderr,
        disable=quiet or not sys.stderr.isatty(),
        leave=False,
        ncols=80,
    )
    with bar:

        def advance(done: int) -> None:
            bar.update(done)

        yield advance


def say_stage(stage: str) -> None:
    """Tell whoever watches what is being done now."""
    if sys.stderr.isatty():
        print(f"{stage} ...", file=sys.stderr)
