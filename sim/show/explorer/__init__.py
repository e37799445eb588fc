"""The explorer: a page on loopback where one moves an order's hour and sees the outcomes move."""

from __future__ import annotations

from sim.show.explorer.app import make_app, warm
from sim.show.explorer.serving import bind, serve
from sim.show.explorer.shelf import Shelf

__all__ = ["Shelf", "bind", "make_app", "serve", "warm"]
