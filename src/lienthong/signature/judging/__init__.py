"""The second and third stage of validation: a versioned policy applied to facts gives the verdict."""

from lienthong.signature.judging.inputs import NOTHING_KNOWN, Revocation, Revocations, Standing, Trust
from lienthong.signature.judging.policy import SHIPPED, Policy, read_policy, shipped
from lienthong.signature.judging.verdict import judge

__all__ = [
    "NOTHING_KNOWN",
    "SHIPPED",
    "Policy",
    "Revocation",
    "Revocations",
    "Standing",
    "Trust",
    "judge",
    "read_policy",
    "shipped",
]
