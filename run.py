"""Run a command: ``python run.py --help`` lists them."""

import sys

from sim.cli import main

if __name__ == "__main__":
    sys.exit(main())
