"""``python -m standdown``: the command, as ``standdown`` starts it."""

from __future__ import annotations

import sys

from standdown import command

if __name__ == "__main__":
    sys.exit(command())
