"""Whose machine a certificate would name: what the directory knows as somebody else's is certified for nobody else.

A gateway has its certificate before its row, so an id and a host that the directory does not know may be asked for: an
id by one organisation (`ca.claims`).
"""

from datetime import datetime

from lienthong.ca.life.subjects import Chain, upwards
from lienthong.ca.names import LOOPBACK
from lienthong.ca.requests import Request
from lienthong.document.codes import OrganisationCode
from lienthong.errors import SubjectMisleading
from lienthong.registry import Directory, Gateway, GatewayKind

_HOPS = ("gateway", "log", "service")
"""Beginnings of holders that may name a hop: a service that bears the id of one would be taken for its own."""


def require_own(directory: Directory, request: Request, chain: Chain, now: datetime, *, central: bool) -> None:
    """SubjectMisleading where holder, name or a host is, by the directory, that of another organisation's machine.

    `chain`: the organisation it is for, and those above it. A hop that is nobody's gateway, such as the axis, is the
    exchange's own: `central` says that the centre asks.
    """
    hop = hop_of(directory, request.holder)
    known = directory.gateway(hop)
    if hop and not (central if known is None else _of(directory, known, chain, now)):
        raise _foreign(request.holder, chain)
    for host in (request.subject.common_name, *request.hosts):  # of names only those in one word could be a host's
        if " " not in host and host not in LOOPBACK and not _free(directory, host, chain, now):
            raise _foreign(host, chain)


def hop_of(directory: Directory, holder: str) -> str:
    """The hop that a holder names by its id or by the origin of its log; empty for one the directory does not know."""
    kind, _, named = holder.partition(":")
    if kind not in _HOPS:
        return ""
    if directory.gateway(named) is not None or directory.log_key(named) is not None:
        return named
    return next((log.hop for log in directory.snapshot.logs if kind == "log" and log.origin == named), "")


def _free(directory: Directory, host: str, chain: Chain, now: datetime) -> bool:
    """Whether no gateway answers there, or one of the organisation's does; of a wildcard, at every host it covers."""
    found = directory.gateways_at(host).values()
    return all(any(_of(directory, each, chain, now) for each in there) for there in found)


def _of(directory: Directory, gateway: Gateway, chain: Chain, now: datetime) -> bool:
    """Whether the organisation, or one below it, runs this gateway, or has it for itself at a host that runs it.

    A shared gateway is its operator's alone: with its key one tenant would speak for all.
    """
    if _below(directory, gateway.operator, chain):
        return True
    spoken = directory.represented_by(gateway.id, now)
    dedicated = gateway.kind is GatewayKind.DEDICATED and bool(spoken)
    return dedicated and all(_below(directory, each.code, chain) for each in spoken)


def _below(directory: Directory, code: OrganisationCode, chain: Chain) -> bool:
    return any(each.code == chain[-1].code for each in upwards(directory, code))


def _foreign(name: str, chain: Chain) -> SubjectMisleading:
    return SubjectMisleading(f"{name[:80]}: không phải của / not a machine of {chain[-1].code}")
