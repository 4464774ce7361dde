"""`lienthong demo`: a small country on this machine, with its documents under way."""

from lienthong.cli.demo.command import demo

__all__ = ["demo"]
