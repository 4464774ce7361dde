# Made from aio/desk.py by tools/blocking_client.py: change that one.
"""`Desk`: one agency's door to its gateway. Every call raises errors of `lienthong.errors` and nothing else."""

from lienthong.client.administering import Administering
from lienthong.client.checking import Checks
from lienthong.client.hearing import Hearing
from lienthong.client.looking import Looking
from lienthong.client.receiving import Receiving
from lienthong.client.sending import Sending
from lienthong.client.signing import Signatures


class Desk(Sending, Receiving, Looking, Hearing, Signatures, Checks, Administering):
    """A gateway's desk API with one access token, which speaks for one agency.

    Every call may be repeated; `send` without an id gets its own here, before the first attempt.

    >>> with Desk("https://gateway.example:8443", token, ca=Path("root.pem")) as desk:   # doctest: +SKIP
    ...     file = File("15.pdf", "application/pdf", data)
    ...     sent = desk.send(Metadata("15", "QĐ-BNV", "V/v …", ("H29",)), [file], message_id="vb-15")
    """
