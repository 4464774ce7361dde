"""Listen: one wait of a gateway at the axis for all that may concern it. It only wakes; asking remains the contract."""

from lienthong.delivery.bell import REGISTRY_TOPIC, Bell, news_topic
from lienthong.delivery.deliver import MailLane, mailbox, news_for
from lienthong.delivery.hop import Hop
from lienthong.delivery.model import freight_lane
from lienthong.delivery.news import Concern, Rung


async def listen(hop: Hop, bell: Bell, gateway: str, heard: str, seconds: float) -> Rung:
    """What was rung for a gateway since it `heard` that much; if nothing was, after so many seconds what lies there.

    Who heard another process, or nothing yet, is told of everything: it looks once too often rather than once too few.
    """
    topics = gateway, freight_lane(gateway), news_topic(gateway), REGISTRY_TOPIC  # in the order of Concern
    before = {topic: bell.rings(topic) for topic in topics}
    if rung := _since(heard, _mark(bell, before)):
        return Rung(_mark(bell, before), rung)
    await bell.wait(before, seconds)
    now = _mark(bell, {topic: bell.rings(topic) for topic in before})
    return Rung(now, _since(heard, now) or await _there(hop, gateway))


def _mark(bell: Bell, rings: dict[str, int]) -> str:
    return ":".join([bell.id, *map(str, rings.values())])


def _since(heard: str, now: str) -> tuple[Concern, ...]:
    before, after = heard.split(":"), now.split(":")
    if len(before) != len(after) or before[0] != after[0]:
        return tuple(Concern)
    return tuple(concern for concern, old, new in zip(Concern, before[1:], after[1:], strict=True) if old != new)


async def _there(hop: Hop, gateway: str) -> tuple[Concern, ...]:
    """A ring may be lost between processes, and what rested may be due again."""
    there = {
        Concern.MAIL: await mailbox(hop, gateway, lane=MailLane.QUICK),
        Concern.FREIGHT: await mailbox(hop, gateway, lane=MailLane.FREIGHT),
        Concern.NEWS: (await news_for(hop, gateway, 0)).news,
    }
    return tuple(concern for concern, found in there.items() if found)
