"""The client for programs on asyncio. The blocking one is made from this one by `tools/blocking_client.py`."""

from lienthong.client.aio.desk import AsyncDesk
from lienthong.client.aio.intake import report_arrival, take_in

__all__ = ["AsyncDesk", "report_arrival", "take_in"]
