"""The command line."""

from lienthong.cli.main import main

__all__ = ["main"]
