"""Reports for others to hold: signed by the service that made them, and as a page to read or print."""

from lienthong.signature.reporting.page import as_html
from lienthong.signature.reporting.statement import MEDIA_TYPE, Stated, Statement, state, verified

__all__ = ["MEDIA_TYPE", "Stated", "Statement", "as_html", "state", "verified"]
