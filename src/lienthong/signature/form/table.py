"""Every check of the form, as data: its stable code, where it comes from, how much it weighs, what it says."""

from collections.abc import Mapping
from types import MappingProxyType

from lienthong.signature.form.row import Check
from lienthong.signature.form.table_looks import LOOKS
from lienthong.signature.form.table_signing import SIGNING
from lienthong.signature.form.table_text import TEXT

CHECKS: Mapping[str, Check] = MappingProxyType({check.code: check for check in (*SIGNING, *LOOKS, *TEXT)})
"""By code. A code never changes once released: agencies file it."""
