"""A scenario file whose every name and note is an attack on whoever prints it."""

from __future__ import annotations

from pathlib import Path

from made_up import TWO_FACTIONS

SCRIPT = "<script>alert(1)</script>"
QUOTES = "\"'><img src=x onerror=alert(2)>"
TURNED = "\u202eabc\u202c \u2066\u05d0"


def hostile_scenario(folder: Path) -> Path:
    """The made-up episode with script tags, quotes and direction marks wherever text may stand."""
    text = Path(TWO_FACTIONS).read_text(encoding="utf-8")
    for plain, nasty in (
        ("title: Two factions in two towns", f"{SCRIPT} {QUOTES} {TURNED}"),
        (
            "summary: An invented quarrel after an announcement, ended by one leader's order.",
            QUOTES,
        ),
        ("name: Upper Town", f"Upper {SCRIPT} {TURNED}"),
        ("name: Reds", f"Reds {SCRIPT}"),
        ("name: The leader of the Reds", f"Leader {QUOTES}"),
        ("title: The announcement", f"{SCRIPT}{TURNED}"),
        ("title: Dead in Upper Town", f"Dead {SCRIPT}{QUOTES}"),
        ("title: Nobody takes revenge", f"{SCRIPT} {QUOTES}"),
    ):
        assert text.count(plain) == 1, plain
        key = plain.partition(":")[0]
        quoted = nasty.replace("'", "''")
        text = text.replace(plain, f"{key}: '{quoted}'")
    path = folder / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    return path
