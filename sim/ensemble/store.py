"""The store of a sweep: its parts with checksums, safe against crashes."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.ensemble.addition import NAME, put_file
from sim.ensemble.folder import NewFolder, lock_file, new_folder, remove_unless_held
from sim.inputs import InputError, Problem

SUMS = "sums"
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")

_known: dict[tuple[str, int, int, int], str] = {}
"""Digests by path, inode, size and time of writing: a file that stands is read once."""


def sums_text(files: Mapping[str, bytes]) -> bytes:
    """Lines of `files` (path in the store to content) that ``sha256sum -c`` reads."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in files.items()]
    return "".join(line + "\n" for line in lines).encode()


def read_sums(path: Path) -> dict[str, str] | None:
    """Path to digest, or None where the file is not there or out of shape."""
    try:
        matches = [_LINE.fullmatch(line) for line in path.read_text("ascii").splitlines()]
    except (OSError, ValueError):
        return None
    if not matches or not all(matches):
        return None
    return {match[2]: match[1] for match in matches if match}


def digest(path: Path) -> str | None:
    """SHA-256 of a file, or None where it cannot be read or is none (a FIFO is waited for)."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return None
        key = (str(path), found.st_ino, found.st_size, found.st_mtime_ns)
        if key not in _known:
            with open(path, "rb") as file:
                _known[key] = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    return _known[key]


PLAN = "plan.json"
ROWS = "rows"
FAILED = "failed"
DAMAGED = "damaged"
LOCK = ".lock"
_ROWS_FILE = re.compile(r"part_(\d{6})(?:_retry(\d+))?\.parquet")
_FAILED_FILE = re.compile(r"part_(\d{6})(?:_retry(\d+))?\.json")
_SUMS_FILE = re.compile(r"part_(\d{6})(?:_retry(\d+))?\.sha256")


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

    ``sums/part_000012.sha256`` is written before either and holds their checksums. A part whose
    files are no longer those is damaged; `set_aside` moves it to ``damaged/``, and it is pending.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    @classmethod
    @contextmanager
    def created(cls, wished: Path) -> Iterator[NewFolder]:
        """A new store in the making, to write the plan into."""
        with new_folder(wished) as folder:
            for name in (ROWS, FAILED, SUMS):
                (folder.hidden / name).mkdir()
            yield folder

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
            path = latest[part][1]
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
                found += [Failure(**one) for one in data["failures"]]
            except (OSError, ValueError, KeyError, TypeError) as error:
                message = f"the list of failures cannot be read: {error}"
                raise InputError([Problem(str(path), None, None, message)]) from error
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
        failed, files = f"{FAILED}/{name}.json", {}
        listed = [asdict(failure) for failure in failures]
        if listed or retry:  # a retry says which failures are left, if any
            text = json.dumps({"part": part, "failures": listed}, indent=1, ensure_ascii=False)
            files[failed] = text.encode() + b"\n"
        else:  # what a killed writer listed and never finished
            (self.folder / failed).unlink(missing_ok=True)
        files[f"{ROWS}/{name}.parquet"] = rows
        (self.folder / SUMS).mkdir(exist_ok=True)
        put_file(self.folder / SUMS / f"{name}.sha256", sums_text(files))
        for path, content in files.items():
            put_file(self.folder / path, content)

    def damaged(self, parts: int) -> dict[int, list[str]]:
        """Parts whose files are not those that were put in place, each with what is wrong.

        Args:
            parts: how many the plan has; a part beyond them is none of this store.
        """
        if not (self.folder / SUMS).is_dir():
            return {}  # written before there were checksums
        found: dict[int, list[str]] = {}
        files = self._files(ROWS, _ROWS_FILE)
        whole = {part for part, retry, _ in files if retry == 0}
        for part, retry, path in files:
            wrong = self._wrong(part, retry, path)
            if part >= parts:
                wrong = [f"{ROWS}/{path.name} is none of its {parts} parts"]
            elif part not in whole:
                wrong.append(f"{ROWS}/part_{part:06d}.parquet is missing")
            if wrong:
                found.setdefault(part, []).extend(wrong)
        return {part: list(dict.fromkeys(wrong)) for part, wrong in found.items()}

    def _wrong(self, part: int, retry: int, path: Path) -> list[str]:
        sums = read_sums(self.folder / SUMS / f"{path.stem}.sha256")
        if sums is None:
            return [f"{SUMS}/{path.stem}.sha256 is missing or cannot be read"]
        failed = f"{FAILED}/{path.stem}.json"
        wrong = [
            f"{name} is not what was written"
            if (self.folder / name).exists()
            else f"{name} is missing"
            for name, was in sums.items()
            if digest(self.folder / name) != was
        ]
        if f"{ROWS}/{path.name}" not in sums:
            wrong.append(f"{SUMS}/{path.stem}.sha256 is of other files")
        if failed not in sums and (self.folder / failed).exists():
            wrong.append(f"{failed} is not what was written")
        return wrong

    def check(self, parts: int) -> None:
        """Raises InputError naming every damaged part."""
        problems = [
            Problem(
                str(self.folder),
                None,
                None,
                what,
                "the files as written; sweep --resume does the part again",
            )
            for wrong in self.damaged(parts).values()
            for what in wrong
        ]
        if problems:
            raise InputError(problems)

    def set_aside(self, part: int) -> None:
        """Move all files of a part to ``damaged/``, so that its units are pending again."""
        for kind, form in ((ROWS, _ROWS_FILE), (FAILED, _FAILED_FILE), (SUMS, _SUMS_FILE)):
            (self.folder / DAMAGED / kind).mkdir(parents=True, exist_ok=True)
            for one, _, path in reversed(self._files(kind, form)):
                if one == part:
                    path.replace(self.folder / DAMAGED / kind / path.name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time; the lock ends with the process, however it ends.

        Raises InputError if another process works on the store.
        """
        with open(self.folder / LOCK, "wb") as file:
            if lock_file(file.fileno()) is False:
                problem = Problem(
                    str(self.folder), None, None, "another process is working on this sweep",
                    "one at a time: wait for it, or stop it",
                )  # fmt: skip
                raise InputError([problem])
            for kind in (ROWS, FAILED):
                (self.folder / kind).mkdir(exist_ok=True)
            self._sweep_up()
            yield

    def _sweep_up(self) -> None:
        """Remove what a killed writer left half written."""
        for kind in (ROWS, FAILED, SUMS):
            for path in (self.folder / kind).glob(".*.partial"):
                path.unlink(missing_ok=True)
        for folder in self.folder.glob(f".{NAME}.????????.partial"):
            remove_unless_held(folder)

    def _files(self, kind: str, form: re.Pattern[str]) -> list[tuple[int, int, Path]]:
        found = []
        for path in (self.folder / kind).glob("part_*"):
            match = form.fullmatch(path.name)
            if match:
                found.append((int(match[1]), int(match[2] or 0), path))
        return sorted(found)


def unit_status(failures: Iterable[Failure], over: Iterable[int], units: int, per_part: int) -> (
    Mapping[str, int]
):  # fmt: skip
    """How many units are done, failed and pending."""
    done = sum(min(per_part, units - part * per_part) for part in over)
    failed = sum(1 for _ in failures)
    return {"done": done - failed, "failed": failed, "pending": units - done}
