"""`lienthong sandbox`: a gateway to try one's software on, and a counterpart that does what the subject line says."""

from lienthong.cli.sandbox.command import sandbox

__all__ = ["sandbox"]
