"""Proof that lasts: what was known of a document is recorded, gathered into trees, stamped, and stamped anew."""

from lienthong.signature.lasting.agility import Algorithms, read_algorithms, shipped
from lienthong.signature.lasting.bundle import Bundle, is_bundle
from lienthong.signature.lasting.dating import Dated, dated
from lienthong.signature.lasting.link import Grove, Path, leaf_of
from lienthong.signature.lasting.record import Record, digests_of, make_record, read_record
from lienthong.signature.lasting.stages import Measure
from lienthong.signature.lasting.verifying import verify_lasting

__all__ = [
    "Algorithms",
    "Bundle",
    "Dated",
    "Grove",
    "Measure",
    "Path",
    "Record",
    "dated",
    "digests_of",
    "is_bundle",
    "leaf_of",
    "make_record",
    "read_algorithms",
    "read_record",
    "shipped",
    "verify_lasting",
]
