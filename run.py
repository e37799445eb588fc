"""Run a command: ``python run.py --help`` lists them."""

import sys

if __name__ == "__main__":
    try:
        from sim.cli import main
    except KeyboardInterrupt:  # Ctrl-C before anything has begun
        sys.exit(130)
    sys.exit(main())
