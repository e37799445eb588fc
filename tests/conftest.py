"""What the tests share: hypothesis settings and files to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The first run of a rule may compile it: a deadline per example would fail by chance. The same
# examples each time, so that a failure on one machine is a failure on all.
settings.register_profile(
    "standdown",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("standdown")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], str]:
    """Writes `given.yaml` in an empty folder, goes there, and returns the name to read it by."""
    monkeypatch.chdir(tmp_path)

    def write_file(content: str | bytes) -> str:
        data = content.encode("utf-8") if isinstance(content, str) else content
        Path("given.yaml").write_bytes(data)
        return "given.yaml"

    return write_file
