"""`lienthong plan`: what a country needs, computed and played through."""

from lienthong.cli.plan.command import plan

__all__ = ["plan"]
