"""Build the pages as a site, offline: ``python docs/build_site.py [FOLDER]`` (default ``site``).

Needs the extra ``docs``. README and its like, which stand above ``docs/``, become pages of it;
links to sources, which do not, become plain text. Any warning ends it with exit code 1.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
ABOVE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
"""Pages above ``docs/``; on the site their names are in lower case."""
FOLDERS = ("figures", "examples")
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<to>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")


def staged(folder: Path) -> None:
    """Put all pages, as the site has them, into a folder."""
    for name in FOLDERS:
        shutil.copytree(ROOT / "docs" / name, folder / name)
    pages = {path: path.name for path in sorted((ROOT / "docs").glob("*.md"))}
    pages |= {ROOT / name: name.lower() for name in ABOVE}
    for path, name in pages.items():
        text = path.read_text(encoding="utf-8")
        (folder / name).write_text(on_the_site(text, path.parent), encoding="utf-8")


def on_the_site(text: str, beside: Path) -> str:
    """A page's text with its links as they stand on the site; ``beside``: its folder."""

    def linked(found: re.Match[str]) -> str:
        if "://" in found["to"]:
            return found[0]
        target = (beside / found["to"]).resolve()
        if target.parent == ROOT and target.name in ABOVE:
            to = target.name.lower()
        elif target.is_relative_to(ROOT / "docs") and target.exists():
            to = target.relative_to(ROOT / "docs").as_posix()
        else:
            return found["text"]
        return f"{found['image']}[{found['text']}]({to}{found['anchor'] or ''})"

    return LINK.sub(linked, text)


def build_site(site: Path) -> None:
    """Build; raises mkdocs' Abort where anything is worth a warning."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    settings = str(ROOT / "mkdocs.yml")
    with tempfile.TemporaryDirectory() as pages:
        staged(Path(pages))
        build(load_config(settings, docs_dir=pages, site_dir=str(site), strict=True))


if __name__ == "__main__":
    build_site(Path(sys.argv[1] if len(sys.argv) > 1 else "site").resolve())
