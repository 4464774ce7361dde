"""The reconciler as a job: one page a round, its findings in the log and counted."""

import structlog

from lienthong.adapters.metrics import FOUND
from lienthong.delivery import Hop, sweep
from lienthong.delivery.whereabouts import Informer

log = structlog.get_logger()


async def reconciling(hop: Hop, axis: Informer | None = None) -> None:
    """One page. Findings that stay are told each time they are passed."""
    for finding in (await sweep(hop, axis)).findings:
        FOUND.labels(finding.code, str(finding.mended).lower()).inc()
        told = {"package": finding.package, "lane": finding.lane, "addressee": finding.addressee}
        log.warning("reconciler", code=finding.code, mended=finding.mended, detail=finding.detail[:200], **told)
