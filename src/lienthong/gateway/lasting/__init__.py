"""Proofs that outlive certificates: what a gateway does about them, off the path of requests."""

from lienthong.gateway.lasting.chain import exported
from lienthong.gateway.lasting.config import LastingSettings
from lienthong.gateway.lasting.foresight import foresee, nightly
from lienthong.gateway.lasting.gathering import gathered, signed_report
from lienthong.gateway.lasting.securing import Lasting, audit, renew, secure, standing

__all__ = [
    "Lasting",
    "LastingSettings",
    "audit",
    "exported",
    "foresee",
    "gathered",
    "nightly",
    "renew",
    "secure",
    "signed_report",
    "standing",
]
