"""`lienthong conformance`: scripted stories against a desk, anyone's or our own, and a report to show for it."""

from lienthong.cli.conformance.command import conformance

__all__ = ["conformance"]
