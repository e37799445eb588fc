"""The command ``view``: serve the explorer of one or more scenarios to this machine's browser."""

from __future__ import annotations

import argparse
import contextlib
import sys
import webbrowser

from sim.cli.options import add_posterior, add_rules, rules_of, whole_number
from sim.inputs import InputError, Problem

NAME = "view"
SUMMARY = "explore a scenario in the browser: move an order's hour and see the outcomes move"
EPILOG = """\
examples:
  python run.py view scenarios/X.yaml
  python run.py view scenarios/*.yaml --port 9000 --open

The page is served on this machine's loopback address only and needs no internet. It changes no
file: what it saves, the browser downloads. Stop it with Ctrl-C. The numbers it shows are those of
'run' with the same settings, seed and replicates; the page prints that command."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenarios", metavar="SCENARIO", nargs="+", help="scenario file (YAML)")
    parser.add_argument(
        "--port", metavar="N", type=whole_number(0, 65535), default=8620,
        help="port, or the next free one after it; 0 for any (default 8620)",
    )  # fmt: skip
    parser.add_argument(
        "--host", metavar="ADDRESS", default="127.0.0.1",
        help="address to serve on; any other than loopback lets other machines in, unencrypted and "
        "without a password (default 127.0.0.1)",
    )  # fmt: skip
    parser.add_argument(
        "--name", metavar="HOST", action="append", default=[],
        help="a further host name by which the page may be asked for; repeatable "
        "(default: loopback's and the address)",
    )  # fmt: skip
    parser.add_argument("--open", action="store_true", help="open the page (default: print it)")
    parser.add_argument(
        "--threads", metavar="N", type=whole_number(1, 1024), default=None,
        help="threads per simulation (default: one per core)",
    )  # fmt: skip
    add_posterior(parser)
    add_rules(parser)


def execute(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from sim.show.explorer import Shelf, bind, make_app, serve, warm
    from sim.show.explorer.guard import LOOPBACK
    from sim.show.explorer.memory import give_back_freed_memory

    give_back_freed_memory()
    rules = rules_of(options.rules)
    shelf = Shelf(options.scenarios, rules)
    try:
        bound = bind(options.host, options.port)
    except OSError as error:
        reason = error.strerror or str(error)
        where = f"{options.host}:{options.port}"
        raise InputError(
            [Problem(where, None, None, reason, "an address and a free port")]
        ) from None
    hosts = [*LOOPBACK, options.host, *options.name]
    app = make_app(shelf, options.posterior, options.threads, hosts)
    for name in shelf.names:
        _, drawn = app.state.answers.futures.parameters(shelf[name])
        print(drawn if len(shelf.names) == 1 else f"{name}: {drawn}", flush=True)
    warm(app)
    if options.host not in LOOPBACK:
        print(f"note: other machines can reach {options.host}", file=sys.stderr)

    def ready(address: str) -> None:
        print(f"{address}  (Ctrl-C stops it)", flush=True)
        if options.open:
            webbrowser.open(address)

    with contextlib.suppress(KeyboardInterrupt):
        serve(app, bound, ready)
    return 0
