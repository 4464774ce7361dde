"""`lienthong chaos`: a small country under load while everything around it breaks, and the count at the end."""

from lienthong.cli.chaos.command import chaos

__all__ = ["chaos"]
