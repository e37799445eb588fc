"""The web application: addresses, what each takes and gives, and how errors are said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sim.ensemble import Posterior
from sim.inputs import InputError
from sim.show.explorer.answers import Answers
from sim.show.explorer.guard import LOOPBACK, Guard
from sim.show.explorer.shelf import Shelf
from sim.show.explorer.state import State

STATIC = Path(__file__).with_name("static")


class SingleQuestion(BaseModel):
    """Which replicate of which state."""

    state: State
    replicate: Annotated[int, Field(ge=0, lt=2**32)]


class VariantQuestion(BaseModel):
    """Under which name a state is to be saved."""

    state: State
    name: Annotated[str, Field(max_length=60)]
    title: Annotated[str, Field(max_length=4000)] = ""


class FigureQuestion(BaseModel):
    """Which figure of a state."""

    state: State
    form: Literal["svg", "png"]
    column: bool = False


def make_app(
    shelf: Shelf,
    posterior: Posterior | None = None,
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

    def replicates(state: State) -> Response:
        return Response(answers.replicates(state), media_type="application/vnd.apache.parquet")

    app = Starlette(
        routes=[
            Route("/", lambda request: FileResponse(STATIC / "index.html"), methods=["GET"]),
            Route("/api/scenarios", lambda request: JSONResponse(shelf.names), methods=["GET"]),
            Route("/api/scenario/{name}", _scenario(answers), methods=["GET"]),
            _question("/api/facts", State, answers.facts),
            _question("/api/future", State, answers.future),
            _question("/api/table", State, answers.table),
            _question("/api/single", SingleQuestion, single),
            _question("/api/variant", VariantQuestion, variant),
            _question("/api/figure", FigureQuestion, figure),
            _question("/api/replicates", State, replicates),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Guard, hosts=list(hosts))],
    )
    app.state.answers = answers
    return app


def warm(app: Starlette) -> None:
    """Answer the first question of the first page beforehand; compiles where that is still due."""
    answers: Answers = app.state.answers
    first = State(scenario=answers.shelf.names[0])
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
