"""`AsyncDesk`: one agency's door to its gateway. Every call raises errors of `lienthong.errors` and nothing else."""

from lienthong.client.aio.administering import AsyncAdministering
from lienthong.client.aio.checking import AsyncChecks
from lienthong.client.aio.hearing import AsyncHearing
from lienthong.client.aio.looking import AsyncLooking
from lienthong.client.aio.receiving import AsyncReceiving
from lienthong.client.aio.sending import AsyncSending
from lienthong.client.aio.signing import AsyncSignatures


class AsyncDesk(
    AsyncSending, AsyncReceiving, AsyncLooking, AsyncHearing, AsyncSignatures, AsyncChecks, AsyncAdministering
):
    """A gateway's desk API with one access token, which speaks for one agency.

    Every call may be repeated; `send` without an id gets its own here, before the first attempt.

    >>> async with AsyncDesk("https://gateway.example:8443", token, ca=Path("root.pem")) as desk:   # doctest: +SKIP
    ...     file = File("15.pdf", "application/pdf", data)
    ...     sent = await desk.send(Metadata("15", "QĐ-BNV", "V/v …", ("H29",)), [file], message_id="vb-15")
    """
