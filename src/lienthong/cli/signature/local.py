"""Both steps on this machine, with the same checks a gateway makes before and after."""

from collections.abc import Sequence
from datetime import datetime

import aiohttp
from asn1crypto import x509

from lienthong.adapters.confined import Examiner
from lienthong.adapters.timestamps import TsaClient
from lienthong.cli.signature.task import Task
from lienthong.errors import InvalidValue, SigningEnded
from lienthong.gateway.signing_papers import assembled, prepared_papers, restored
from lienthong.gateway.signing_views import Paper, Wish
from lienthong.signature.keys import Answer, Order, SigningKey
from lienthong.signature.model import OF_PERSONS, Report
from lienthong.signature.session.checks import Trusting, require_addition, require_result
from lienthong.signature.session.keeping import Kept
from lienthong.signature.session.model import Level


async def signed_here(
    task: Task, key: SigningKey, roots: Sequence[bytes], tsa: str, secret: str, moment: datetime
) -> tuple[bytes, Report]:
    """The signed file and what its signatures are worth. Raises what a gateway would refuse with."""
    if task.level not in {Level.B, Level.T} or (task.level is Level.T) is not bool(tsa):
        raise InvalidValue("--level B-B, hoặc/or --level B-T --tsa URL")
    subject = x509.Certificate.load(key.certificate).subject.native
    name = str(subject.get("common_name", ""))
    organisation = name if task.role not in OF_PERSONS else str(subject.get("organization_name", ""))
    papers = (Paper(task.title[:500], placing=task.placing),)
    wish = Wish("local", task.role, task.person or name or "?", papers, level=task.level)
    trusting = Trusting(tuple(roots))
    with Examiner() as examiner:
        before = await examiner.examining(task.pdf, looks=True)
        [(kept, blob)] = prepared_papers("", organisation, wish, [task.pdf], key, trusting, moment, [before])
        prepared = restored(blob)
        value = await _value(kept, key, secret)
        async with aiohttp.ClientSession() as session:
            stamper = TsaClient(tsa, session) if tsa else None
            result = await assembled(prepared, task.level, stamper, value, b"")
        require_addition(task.pdf, result)
        after = await examiner.examining(result)
    return result, require_result(before, after, prepared.certificate, trusting, moment)


async def _value(kept: Kept, key: SigningKey, secret: str) -> bytes:
    """What the key gives. Raises what it raises, SigningEnded for a no."""
    own = kept.session
    order = Order(own.id, kept.to_be_signed, own.digest, own.display.text, own.code, own.expires)
    submission = await key.submit([order], secret)
    outcomes = submission.outcomes or await key.outcomes(submission.handle, [order])
    if not outcomes or outcomes[0].answer is not Answer.SIGNED:
        raise SigningEnded(outcomes[0].answer.value if outcomes else "")
    return outcomes[0].value
