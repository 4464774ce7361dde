"""The journey of a package over hops: accept, forward, deliver, recall, report, expire; state tables and ports.

Axis and gateway are the same animal: a hop that accepts, records durably, acknowledges with evidence, and passes on.
"""

from lienthong.delivery.accept import accept
from lienthong.delivery.acts import Order, cancel, close, expire_now, requeue, requeue_cause
from lienthong.delivery.bell import Bell, RingingStore, desk_topic, news_topic
from lienthong.delivery.correlation import carrier
from lienthong.delivery.dating import date, dated_receipts
from lienthong.delivery.deliver import (
    collect,
    confirm,
    defer,
    expire,
    forget,
    framed,
    hear,
    mailbox,
    news_for,
    tell_again,
)
from lienthong.delivery.desk import HandIn, acknowledge, hand_in, inbox, release, take
from lienthong.delivery.forward import forward
from lienthong.delivery.heads import canonical
from lienthong.delivery.hop import Hop, Terms
from lienthong.delivery.journey import FAILED, HELD, JourneyState
from lienthong.delivery.learn import learn
from lienthong.delivery.model import (
    AXIS,
    DESK,
    Content,
    Head,
    Lane,
    Leg,
    Notice,
    Package,
    Page,
    PartRef,
    Search,
    Standing,
    StatusReport,
    Step,
)
from lienthong.delivery.news import (
    Accepted,
    Confirmation,
    Deferral,
    LegAnswer,
    MailItem,
    News,
    NewsPage,
    Whereabouts,
    Withdrawal,
    Withdrawn,
)
from lienthong.delivery.outbox import tell
from lienthong.delivery.pull import pull
from lienthong.delivery.reconcile import Finding, Sweep, sweep
from lienthong.delivery.settle import settle
from lienthong.delivery.status import ANSWERS
from lienthong.delivery.status import MOVES as STATUS_MOVES
from lienthong.delivery.trouble import NEVER, Trouble, Troubles, Work
from lienthong.delivery.whereabouts import whereabouts
from lienthong.delivery.withdrawal import wish, withdraw, withdraw_all
from lienthong.delivery.witnessing import Witness, collect_cosignatures, cosigned

__all__ = [
    "ANSWERS",
    "AXIS",
    "DESK",
    "FAILED",
    "HELD",
    "NEVER",
    "STATUS_MOVES",
    "Accepted",
    "Bell",
    "Confirmation",
    "Content",
    "Deferral",
    "Finding",
    "HandIn",
    "Head",
    "Hop",
    "JourneyState",
    "Lane",
    "Leg",
    "LegAnswer",
    "MailItem",
    "News",
    "NewsPage",
    "Notice",
    "Order",
    "Package",
    "Page",
    "PartRef",
    "RingingStore",
    "Search",
    "Standing",
    "StatusReport",
    "Step",
    "Sweep",
    "Terms",
    "Trouble",
    "Troubles",
    "Whereabouts",
    "Withdrawal",
    "Withdrawn",
    "Witness",
    "Work",
    "accept",
    "acknowledge",
    "cancel",
    "canonical",
    "carrier",
    "close",
    "collect",
    "collect_cosignatures",
    "confirm",
    "cosigned",
    "date",
    "dated_receipts",
    "defer",
    "desk_topic",
    "expire",
    "expire_now",
    "forget",
    "forward",
    "framed",
    "hand_in",
    "hear",
    "inbox",
    "learn",
    "mailbox",
    "news_for",
    "news_topic",
    "pull",
    "release",
    "requeue",
    "requeue_cause",
    "settle",
    "sweep",
    "take",
    "tell",
    "tell_again",
    "whereabouts",
    "wish",
    "withdraw",
    "withdraw_all",
]
