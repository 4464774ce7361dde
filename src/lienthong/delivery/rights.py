"""For whom a gateway may speak: whom it represents today, and for what closed organisations left under way.

A reorganisation closes a code on a day; what was sealed before still goes out, what was accepted before still arrives,
and what was received can still be answered. Nothing new begins.
"""

from datetime import datetime

from lienthong.delivery.model import Content
from lienthong.document import OrganisationCode
from lienthong.registry import Directory


def may_submit(
    directory: Directory, gateway: str, sender: str, content: Content, sealed_at: datetime | None, now: datetime
) -> bool:
    """Whether a package may come from this sender through this gateway."""
    code = OrganisationCode.parse(sender)
    if directory.represents(gateway, code, now):
        return True
    if not directory.winds_up(gateway, code, now):
        return False
    sealed_in_time = sealed_at is not None and sealed_at <= now and directory.represents(gateway, code, sealed_at)
    return content is Content.STATUS or sealed_in_time


def may_answer(directory: Directory, gateway: str, code: str, now: datetime) -> bool:
    """Whether it may receive, report and take back for a code: its own, or a closed one it spoke for to the last."""
    asked = OrganisationCode.parse(code)
    return directory.represents(gateway, asked, now) or directory.winds_up(gateway, asked, now)
