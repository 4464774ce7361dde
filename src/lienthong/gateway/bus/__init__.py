"""A province's own bus as a peer: what comes for its agencies goes onto it, what they send is handed in."""

from lienthong.gateway.bus.ports import Bus, Kind
from lienthong.gateway.bus.settings import BusSettings
from lienthong.gateway.bus.work import Exchange

__all__ = ["Bus", "BusSettings", "Exchange", "Kind"]
