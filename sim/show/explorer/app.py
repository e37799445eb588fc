"""The explorer's server: which address answers what, and how it stops."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Literal

import h11
import uvicorn
from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from sim.inputs import InputError
from sim.show.explorer.answers import Answers
from sim.show.explorer.futures import Query, Shelf
from sim.show.explorer.guard import LOOPBACK, Guard

STATIC = Path(__file__).with_name("static")


class SingleQuestion(BaseModel):
    """Which replicate of which state."""

    state: Query
    replicate: Annotated[int, Field(ge=0, lt=2**32)]


class VariantQuestion(BaseModel):
    """Under which name a state is to be saved."""

    state: Query
    name: Annotated[str, Field(max_length=60)]
    title: Annotated[str, Field(max_length=4000)] = ""


class FigureQuestion(BaseModel):
    """Which figure of a state."""

    state: Query
    form: Literal["svg", "png"]
    column: bool = False


def make_app(
    shelf: Shelf,
    posterior: str | None = None,
    threads: int | None = None,
    hosts: Iterable[str] = LOOPBACK,
) -> Starlette:
    """The application for the scenarios of a shelf, answering to these host names only."""
    answers = Answers(shelf, posterior, threads)

    def single(question: SingleQuestion) -> Any:
        return answers.single(question.state, question.replicate)

    def variant(question: VariantQuestion) -> Response:
        text = answers.variant(question.state, question.name, question.title)
        return Response(text, media_type="application/yaml")

    def figure(question: FigureQuestion) -> Response:
        kind = "image/svg+xml" if question.form == "svg" else "image/png"
        content = answers.figure(question.state, question.form, question.column)
        return Response(content, media_type=kind)

    def replicates(state: Query) -> Response:
        return Response(answers.replicates(state), media_type="application/vnd.apache.parquet")

    app = Starlette(
        routes=[
            Route("/", lambda request: FileResponse(STATIC / "index.html"), methods=["GET"]),
            Route("/api/scenarios", lambda request: JSONResponse(shelf.names), methods=["GET"]),
            Route("/api/scenario/{name}", _scenario(answers), methods=["GET"]),
            _question("/api/facts", Query, answers.facts),
            _question("/api/future", Query, answers.future),
            _question("/api/table", Query, answers.table),
            _question("/api/single", SingleQuestion, single),
            _question("/api/variant", VariantQuestion, variant),
            _question("/api/figure", FigureQuestion, figure),
            _question("/api/replicates", Query, replicates),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Guard, hosts=list(hosts))],
    )
    app.state.answers = answers
    return app


def warm(app: Starlette) -> None:
    """Answer the first question of the first page beforehand; compiles where that is still due."""
    answers: Answers = app.state.answers
    first = Query(scenario=answers.shelf.names[0])
    answers.future(first)
    answers.facts(first)


def _scenario(answers: Answers) -> Callable[[Request], Any]:
    async def ask(request: Request) -> Response:
        return await _answered(lambda: answers.scenario(request.path_params["name"]))

    return ask


def _question(path: str, form: type[BaseModel], answer: Callable[[Any], Any]) -> Route:
    """A route that takes ``form`` as JSON and answers in a thread, so that none waits for it."""

    async def ask(request: Request) -> Response:
        try:
            body = await request.body()
        except ClientDisconnect:  # it left, or was too slow: there is nobody to answer
            return Response(status_code=408)
        try:
            question = form.model_validate_json(body)
        except ValidationError as error:
            return _problems([_said(one) for one in error.errors()], 422)
        return await _answered(lambda: answer(question))

    return Route(path, ask, methods=["POST"])


async def _answered(work: Callable[[], Any]) -> Response:
    try:
        result = await run_in_threadpool(work)
    except InputError as error:
        return _problems([str(problem) for problem in error.problems], 422)
    except KeyError as error:
        return _problems([f"there is no {error.args[0]!r} here"], 404)
    return result if isinstance(result, Response) else JSONResponse(result)


def _problems(said: list[str], status: int) -> JSONResponse:
    return JSONResponse({"problems": said}, status)


def _said(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg']}" if where else str(error["msg"])


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
