"""An explorer served on a free port of this process, and plain HTTP questions to it."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import uvicorn

from sim.show.explorer import Shelf, bind, make_app


@dataclass(frozen=True)
class Served:
    """Where it listens."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def request(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body; header names with _ for -. ``Host`` is set unless given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in ({"Host": f"127.0.0.1:{self.port}"} | sent).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return response.status, found, response.read()
        finally:
            connection.close()

    def ask(self, path: str, question: Any) -> Any:
        """A question in JSON, answered with 200."""
        status, _, body = self.request(
            "POST", path, json.dumps(question).encode(), Content_Type="application/json"
        )
        assert status == 200, body
        return json.loads(body)


def port_said(stream: IO[str] | None) -> int:
    """The port in the address that the view command prints, whatever it says before."""
    assert stream is not None
    line = next(line for line in stream if "127.0.0.1:" in line)
    return int(line.split("127.0.0.1:")[1].split("/")[0])


@contextmanager
def served(paths: Sequence[str | Path]) -> Iterator[Served]:
    """The explorer of these scenario files, stopped at the end of the block."""
    bound = bind("127.0.0.1", 0)
    app = make_app(Shelf(paths), threads=1)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        yield Served(bound.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(20)
        bound.close()
