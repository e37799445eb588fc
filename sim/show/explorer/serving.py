"""Serving the page: a free port on one address, and a server that stops on Ctrl-C."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

PORTS_TRIED = 20
PATIENCE_S = 10.0
"""A request, its body included, has to be here so long after its first byte."""

GRACE_S, LAST_S = 2.0, 4.0
"""After a signal: answers under way get so long; so much later the process ends in any case."""


def bind(host: str, port: int) -> socket.socket:
    """A socket on ``host`` that listens at ``port`` or, if that is taken, at one of the next ports.

    Raises OSError where none of them is free, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + PORTS_TRIED, 65536)) if port else (0,):
        one = socket.socket(family, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, candidate))
            one.listen(128)
        except OSError as error:
            one.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        return one
    raise OSError(errno.EADDRINUSE, f"ports {port} to {port + PORTS_TRIED - 1} are taken", host)


def address_of(bound: socket.socket) -> str:
    """The address to type into a browser."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(app: Any, bound: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; ``ready`` is called with the address once requests are answered."""
    server = _Server(
        uvicorn.Config(
            app,
            log_level="warning",
            lifespan="off",
            ws="none",
            server_header=False,
            http=Patient,
            timeout_graceful_shutdown=int(GRACE_S),
        ),
        lambda: ready(address_of(bound)),
    )
    server.run(sockets=[bound])


class Patient(H11Protocol):
    """HTTP that does not wait for ever: neither for a request's end nor, stopping, for a client."""

    _limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._unwatch()  # between two requests uvicorn's own limit holds

    def shutdown(self) -> None:
        waiting = self._is_waiting
        super().shutdown()
        if waiting:
            self.transport.abort()

    @property
    def _is_waiting(self) -> bool:
        """Whether the client has still to send the rest of a request, or all of it."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def _watch(self) -> None:
        if not self._is_waiting:
            self._unwatch()
        elif self._limit is None:
            # Set once and not again at each byte, or a byte a second would hold on for ever.
            self._limit = self.loop.call_later(PATIENCE_S, self.transport.abort)

    def _unwatch(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        # A simulation in another thread cannot be stopped; nothing is written that could be lost.
        last = threading.Timer(LAST_S, os._exit, (0,))
        last.daemon = True
        last.start()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()
