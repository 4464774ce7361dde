"""The journey of a package over hops: accept, forward, deliver, recall, report, expire; state tables and ports.

Axis and gateway are the same animal: a hop that accepts, records durably, acknowledges with evidence, and passes on.
"""

from lienthong.delivery.accept import accept, accept_all
from lienthong.delivery.acts import Order, cancel, close, expire_now, requeue, requeue_cause
from lienthong.delivery.aside import is_aside, put_again, set_aside
from lienthong.delivery.bell import REGISTRY_TOPIC, Bell, RingingStore, desk_topic, events_topic, news_topic
from lienthong.delivery.correlation import carrier
from lienthong.delivery.dating import date, dated_receipts
from lienthong.delivery.deliver import (
    MailLane,
    collect,
    confirm,
    defer,
    expire,
    forget,
    framed,
    hear,
    mailbox,
    news_for,
    part_for,
    tell_again,
)
from lienthong.delivery.desk import HandIn, acknowledge, hand_in, inbox, release, take
from lienthong.delivery.forward import carry, forward
from lienthong.delivery.heads import canonical
from lienthong.delivery.hop import Freight, Hop, Terms
from lienthong.delivery.journey import FAILED, HELD, JourneyState
from lienthong.delivery.learn import learn, relearn
from lienthong.delivery.listening import listen
from lienthong.delivery.model import (
    AXIS,
    DESK,
    Content,
    Having,
    Head,
    Lane,
    Leg,
    Notice,
    Package,
    Page,
    PartRef,
    Search,
    Standing,
    Standstill,
    StatusReport,
    Step,
    freight_lane,
)
from lienthong.delivery.news import (
    Accepted,
    Concern,
    Confirmation,
    Deferral,
    LegAnswer,
    MailItem,
    News,
    NewsPage,
    Rung,
    Whereabouts,
    Withdrawal,
    Withdrawn,
)
from lienthong.delivery.opening import trace_in
from lienthong.delivery.outbox import tell
from lienthong.delivery.pull import haul, pull
from lienthong.delivery.quota import Quota
from lienthong.delivery.reaim import reaim
from lienthong.delivery.reconcile import Finding, Sweep, sweep
from lienthong.delivery.settle import settle
from lienthong.delivery.status import ANSWERS, as_done
from lienthong.delivery.status import MOVES as STATUS_MOVES
from lienthong.delivery.trouble import NEVER, Trouble, Troubles, Work
from lienthong.delivery.uploads import sweep_uploads
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
    "REGISTRY_TOPIC",
    "STATUS_MOVES",
    "Accepted",
    "Bell",
    "Concern",
    "Confirmation",
    "Content",
    "Deferral",
    "Finding",
    "Freight",
    "HandIn",
    "Having",
    "Head",
    "Hop",
    "JourneyState",
    "Lane",
    "Leg",
    "LegAnswer",
    "MailItem",
    "MailLane",
    "News",
    "NewsPage",
    "Notice",
    "Order",
    "Package",
    "Page",
    "PartRef",
    "Quota",
    "RingingStore",
    "Rung",
    "Search",
    "Standing",
    "Standstill",
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
    "accept_all",
    "acknowledge",
    "as_done",
    "cancel",
    "canonical",
    "carrier",
    "carry",
    "close",
    "collect",
    "collect_cosignatures",
    "confirm",
    "cosigned",
    "date",
    "dated_receipts",
    "defer",
    "desk_topic",
    "events_topic",
    "expire",
    "expire_now",
    "forget",
    "forward",
    "framed",
    "freight_lane",
    "hand_in",
    "haul",
    "hear",
    "inbox",
    "is_aside",
    "learn",
    "listen",
    "mailbox",
    "news_for",
    "news_topic",
    "part_for",
    "pull",
    "put_again",
    "reaim",
    "relearn",
    "release",
    "requeue",
    "requeue_cause",
    "set_aside",
    "settle",
    "sweep",
    "sweep_uploads",
    "take",
    "tell",
    "tell_again",
    "trace_in",
    "whereabouts",
    "wish",
    "withdraw",
    "withdraw_all",
]
