"""`lienthong log`: watch evidence logs from outside, and witness them."""

from lienthong.cli.log.command import app

__all__ = ["app"]
