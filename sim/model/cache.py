"""The compiler's cache: whose it has to be, and files that prove to be what was written.

A cached function is a pickle with machine code in it: who can write it runs code as the user, and
one flipped byte of it is anything. So a folder is used only where nobody else can write, and each
file begins with the checksum of the rest. Whatever is wrong, the code is compiled anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numba.core.caching import FunctionCache, IndexDataCacheFile

KEPT_CACHES = 16
"""Cache folders of a kind that are kept: one per state of the sources, and, of the other kind, one
per file of rules and state; several checkouts share a root."""

SUM_BYTES = 32
NO_USER = 65534
"""Owner of what belongs to nobody in this user's world: outside of a container."""


@dataclass(frozen=True)
class CacheFolder:
    """The folder in use, or None and why there is none."""

    path: Path | None
    why: str = ""

    def is_warm(self) -> bool:
        """Whether it holds the kernel; small functions are kept beside it, often before it."""
        try:
            return self.path is not None and any(self.path.rglob("kernel.*.nbc"))
        except OSError:
            return False


def cache_root() -> Path | None:
    """Folder that holds one cache folder per state of the sources; None where no home is known."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "standdown"
    except RuntimeError:  # HOME is unset and the user has no entry among the system's users
        return None


def open_cache(root: Path | None, name: str) -> CacheFolder:
    """The cache folder `name` below `root`, made if need be; the oldest beyond a few go."""
    if root is None:
        return CacheFolder(None, "no home folder is known")
    folder = root / name
    try:
        root.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        why = _distrusted(folder.resolve())
        if why:
            return CacheFolder(None, why)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            return CacheFolder(None, f"{folder} cannot be written to")
        os.utime(folder)
        _remove_oldest(root, name.partition("-")[0])
    except OSError as error:
        return CacheFolder(None, f"{error.filename or folder}: {error.strerror or error}")
    return CacheFolder(folder)


def _remove_oldest(root: Path, kind: str) -> None:
    try:
        ages = [(path.stat().st_mtime, path) for path in root.glob(f"{kind}-*")]
        for _, stale in sorted(ages, reverse=True)[KEPT_CACHES:]:
            shutil.rmtree(stale, ignore_errors=True)
    except OSError:
        pass  # somebody else removes them at this moment


def _distrusted(folder: Path) -> str:
    """Why somebody else could write to a folder, '' if nobody can."""
    if not hasattr(os, "geteuid"):
        return ""
    me = os.geteuid()
    for path in (folder, *folder.rglob("*")):
        found = path.stat()
        if found.st_uid != me:
            return f"{path} belongs to another user"
        if _others_write(found):
            return f"others can write to {path}"
    for path in folder.parents:
        found = path.stat()
        if found.st_uid not in (me, 0, NO_USER):
            return f"{path} belongs to another user"
        is_sticky = bool(found.st_mode & stat.S_ISVTX)  # others cannot rename what is mine
        if not is_sticky and _others_write(found, trusting_root=True):
            return f"others can write to {path}"
    return ""


def _others_write(found: os.stat_result, trusting_root: bool = False) -> bool:
    if found.st_mode & stat.S_IWOTH:
        return True
    if not found.st_mode & stat.S_IWGRP or (trusting_root and found.st_uid == 0):
        return False
    return not _is_my_own_group(found.st_gid)


def _is_my_own_group(group: int) -> bool:
    """Whether a group is its user's alone, as many systems make one with each user."""
    try:
        import grp
        import pwd

        name = pwd.getpwuid(os.geteuid()).pw_name
        found = grp.getgrgid(group)
    except (ImportError, KeyError):
        return False
    return found.gr_name == name and set(found.gr_mem) <= {name}


def say(line: str) -> None:
    """Tell the user what became of the cache."""
    print(line, file=sys.stderr, flush=True)


class CheckedFile(IndexDataCacheFile):
    """Numba's index and data files, each behind the checksum of its content."""

    def _load_index(self) -> Any:
        try:
            stamp, overloads = self._read(self._index_path)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError):
            return {}
        return overloads if stamp == self._source_stamp else {}

    def _save_index(self, overloads: Any) -> None:
        self._write(self._index_path, (self._source_stamp, overloads))

    def _load_data(self, name: str) -> Any:
        return self._read(self._data_path(name))

    def _save_data(self, name: str, data: Any) -> None:
        self._write(self._data_path(name), data)

    def _read(self, path: str) -> Any:
        """What a file holds; raises OSError, which Numba takes for no such file."""
        with open(path, "rb") as file:
            content = file.read()
        if hashlib.sha256(content[SUM_BYTES:]).digest() != content[:SUM_BYTES]:
            say(f"the compiler's cache is damaged ({path}); compiling anew, about 20 s ...")
            raise OSError(f"{path} is not what was written")
        return pickle.loads(content[SUM_BYTES:])

    def _write(self, path: str, content: Any) -> None:
        data = self._dump(content)
        with self._open_for_write(path) as file:
            file.write(hashlib.sha256(data).digest() + data)


class CheckedCache(FunctionCache):
    """Numba's cache of one function, in checked files; what cannot be kept is not kept.

    ``folder``: where, if not in the folder that Numba is configured with.
    """

    def __init__(self, function: Any, folder: Path | None = None) -> None:
        super().__init__(function)
        if folder is not None:
            self._cache_path = str(folder)
        self._cache_file = CheckedFile(
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=self._impl.locator.get_source_stamp(),
        )

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError as error:
            say(f"the compiled code is not kept for the next time: {error.strerror or error}")
