"""Who vouches for the envelope: make a seal, judge a seal."""

from lienthong.seal.algorithms import ALGORITHMS, Algorithm
from lienthong.seal.header import thumbprint_of, trace_of
from lienthong.seal.judge import Policy, SealResult, SealVerdict, judge
from lienthong.seal.keys import PACKAGE_SEAL, KeyEntry, SealedPart, SealingKey, Signer, Trust, thumbprint
from lienthong.seal.make import seal

__all__ = [
    "ALGORITHMS",
    "PACKAGE_SEAL",
    "Algorithm",
    "KeyEntry",
    "Policy",
    "SealResult",
    "SealVerdict",
    "SealedPart",
    "SealingKey",
    "Signer",
    "Trust",
    "judge",
    "seal",
    "thumbprint",
    "thumbprint_of",
    "trace_of",
]
