"""The origin of the parameters: the sentence with which every answer of the model begins.

The same question has another answer with other parameters, so no answer goes without it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def parameters_line(posterior: str | None, why: str = "") -> str:
    """Which parameters were drawn: the scenario's priors, or a posterior, its id and its file.

    Args:
        posterior: path of the file, None for the priors, '' for draws that no file holds.
        why: what chose them, in words.
    """
    if posterior is None:
        return f"parameters: the scenario's priors{f' ({why})' if why else ''}"
    if not posterior:
        return f"parameters: a posterior that no file holds{f' ({why})' if why else ''}"
    where = f"{posterior}, {why}" if why else posterior
    return f"parameters: the posterior {posterior_id(posterior)} ({where})"


def posterior_id(path: str) -> str:
    """The id of the calibration that made a posterior; else the beginning of the file's SHA-256.

    The calibration's manifest stands beside the file, as ``manifest.json`` or under the file's own
    name, and counts only if it describes these very bytes.
    """
    file = Path(path)
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return "of a file that is not there any more"
    for record in (file.with_name("manifest.json"), file.with_suffix(".json")):
        try:
            manifest = json.loads(record.read_text(encoding="utf-8"))
            if manifest["posterior_sha256"] == digest:
                return str(manifest["id"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return f"with SHA-256 {digest[:10]}"
