"""The store of a long computation: parts put in place whole, failures listed, nothing changed."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.ensemble.folder import placed_at, whole_folder
from sim.inputs import InputError, Problem

PLAN = "plan.json"
ROWS = "rows"
FAILED = "failed"
LOCK = ".lock"
_ROWS_FILE = re.compile(r"part_(\d{6})(?:_retry(\d+))?\.parquet")
_FAILED_FILE = re.compile(r"part_(\d{6})(?:_retry(\d+))?\.json")


@dataclass(frozen=True)
class Failure:
    """One unit of work that failed, with what it takes to see it fail again.

    Attributes:
        unit, point: their numbers, from 0.
        replicate: the one that failed, or -1 where the whole unit did.
        stage: ``scenario`` (it could not be built), ``draw``, ``run``, ``table`` or ``worker``.
        seed: of the plan; with point and replicate it fixes every draw.
        values: what the point sets, by path.
    """

    unit: int
    point: int
    replicate: int
    stage: str
    error: str
    message: str
    traceback: str
    seed: int
    values: dict[str, Any]


class Store:
    """A folder of parts.

    ``rows/part_000012.parquet`` holds the rows of the units of part 12 that are done, and
    ``failed/part_000012.json`` lists those that failed. A part appears by one atomic rename, its
    failures before its rows, so a part with rows is a part that is over. No file is ever changed:
    what a retry adds stands in files of its own. Units of a part that is not over are pending.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    @classmethod
    @contextmanager
    def created(cls, final: Path) -> Iterator[tuple[Path, Path]]:
        """A new store's hidden folder, to write the plan into, and where it will stand."""
        final = placed_at(final)
        with whole_folder(final) as hidden:
            (hidden / ROWS).mkdir()
            (hidden / FAILED).mkdir()
            yield hidden, final

    def plan(self) -> dict[str, Any]:
        """The plan as written when the store was made; raises InputError if there is none."""
        path = self.folder / PLAN
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            why = "no such folder" if not self.folder.exists() else f"no {PLAN} in it"
            expected = "a folder that the sweep command wrote"
            problem = Problem(str(self.folder), None, None, f"not a sweep: {why}", expected)
            raise InputError([problem]) from None
        except (OSError, ValueError) as error:
            problem = Problem(str(path), None, None, f"the plan cannot be read: {error}")
            raise InputError([problem]) from error
        if not isinstance(data, dict):
            raise InputError([Problem(str(path), None, None, "the plan cannot be read")])
        return data

    def over(self) -> set[int]:
        """Numbers of the parts whose units are all done or failed."""
        return {part for part, retry, _ in self._files(ROWS, _ROWS_FILE) if retry == 0}

    def row_files(self) -> list[Path]:
        """The files that hold rows, in the order of parts."""
        return [path for _, _, path in self._files(ROWS, _ROWS_FILE)]

    def failures(self) -> list[Failure]:
        """Units that failed and have not been done since, in the order of units."""
        latest: dict[int, tuple[int, Path]] = {}
        over = {(part, retry) for part, retry, _ in self._files(ROWS, _ROWS_FILE)}
        for part, retry, path in self._files(FAILED, _FAILED_FILE):
            if (part, retry) in over:  # else the part was interrupted and is still pending
                latest[part] = max(latest.get(part, (-1, path)), (retry, path))
        found = []
        for part in sorted(latest):
            data = json.loads(latest[part][1].read_text(encoding="utf-8"))
            found += [Failure(**one) for one in data["failures"]]
        return found

    def next_retry(self, part: int) -> int:
        """Number of the next retry of a part, from 1."""
        return 1 + max(
            (retry for one, retry, _ in self._files(ROWS, _ROWS_FILE) if one == part), default=0
        )

    def put(self, part: int, rows: bytes, failures: Iterable[Failure], retry: int = 0) -> None:
        """Put a part in place: its failures, then its rows (a Parquet file's bytes).

        Raises:
            OSError: the disk is full or cannot be written to; the store is as before.
        """
        name = f"part_{part:06d}" + (f"_retry{retry}" if retry else "")
        listed = [asdict(failure) for failure in failures]
        if listed or retry:  # a retry says which failures are left, if any
            text = json.dumps({"part": part, "failures": listed}, indent=1, ensure_ascii=False)
            put_file(self.folder / FAILED / f"{name}.json", text.encode() + b"\n")
        put_file(self.folder / ROWS / f"{name}.parquet", rows)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time; the lock ends with the process, however it ends.

        Raises InputError if another process works on the store.
        """
        with open(self.folder / LOCK, "wb") as file:
            if not _lock(file.fileno()):
                problem = Problem(
                    str(self.folder), None, None, "another process is working on this sweep",
                    "one at a time: wait for it, or stop it",
                )  # fmt: skip
                raise InputError([problem])
            self._sweep_up()
            yield

    def _sweep_up(self) -> None:
        """Remove what a killed writer left half written."""
        for kind in (ROWS, FAILED):
            for path in (self.folder / kind).glob(".*.partial"):
                path.unlink(missing_ok=True)

    def _files(self, kind: str, form: re.Pattern[str]) -> list[tuple[int, int, Path]]:
        found = []
        for path in (self.folder / kind).iterdir():
            match = form.fullmatch(path.name)
            if match:
                found.append((int(match[1]), int(match[2] or 0), path))
        return sorted(found)


def put_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place, flushed, then renamed.

    Raises OSError; whatever was half written is removed.
    """
    hidden = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with open(hidden, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        hidden.rename(path)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:  # no such lock on this system: two writers would only repeat work
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def unit_status(failures: Iterable[Failure], over: Iterable[int], units: int, per_part: int) -> (
    Mapping[str, int]
):  # fmt: skip
    """How many units are done, failed and pending."""
    done = sum(min(per_part, units - part * per_part) for part in over)
    failed = sum(1 for _ in failures)
    return {"done": done - failed, "failed": failed, "pending": units - done}
