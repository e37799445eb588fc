"""The explorer: a page on loopback where one moves an order's hour and sees the outcomes move."""

from __future__ import annotations

from sim.show.explorer.app import bind, make_app, serve, warm
from sim.show.explorer.futures import Shelf

__all__ = ["Shelf", "bind", "make_app", "serve", "warm"]
