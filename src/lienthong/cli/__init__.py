"""The command line."""

import sys

__all__ = ["main"]


def main() -> None:
    """Entry point of the `lienthong` script; Ctrl-C while it still loads is no fault."""
    try:
        from lienthong.cli.main import main as run  # loading takes its time, and may be stopped
    except KeyboardInterrupt:
        sys.exit(130)
    run()
