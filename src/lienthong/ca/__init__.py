"""The certificate authority: issuing, time stamps, and the thin process that publishes them."""

from lienthong.ca import profiles, requests
from lienthong.ca.authority import Authority, Issued, pem
from lienthong.ca.drafting import Publication
from lienthong.ca.issue import Issuer, Revoked, issue, revocation_list, self_signed
from lienthong.ca.names import LOOPBACK, Subject, holder_uri, shortened
from lienthong.ca.profiles import PROFILES, Profile, profile
from lienthong.ca.requests import Request
from lienthong.ca.tsa import Failure, Stamper, answer, rejection

__all__ = [
    "LOOPBACK",
    "PROFILES",
    "Authority",
    "Failure",
    "Issued",
    "Issuer",
    "Profile",
    "Publication",
    "Request",
    "Revoked",
    "Stamper",
    "Subject",
    "answer",
    "holder_uri",
    "issue",
    "pem",
    "profile",
    "profiles",
    "rejection",
    "requests",
    "revocation_list",
    "self_signed",
    "shortened",
]
