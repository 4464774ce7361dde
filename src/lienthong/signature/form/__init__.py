"""The form check: do the signatures look, stand and speak as Decree 30/2020 wants?"""

from lienthong.signature.form.check import check
from lienthong.signature.form.model import Expected, Finding, Part, Severity
from lienthong.signature.form.row import Check
from lienthong.signature.form.table import CHECKS

__all__ = ["CHECKS", "Check", "Expected", "Finding", "Part", "Severity", "check"]
