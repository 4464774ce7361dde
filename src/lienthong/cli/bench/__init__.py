"""`lienthong bench`: how fast, beside the least that any program must do for the same."""

from lienthong.cli.bench.command import app

__all__ = ["app"]
