"""A desk without a gateway: the methods of `lienthong.client.Desk` over a small sample country in memory."""

from lienthong.testing.desk.fake import FakeDesk, Town

__all__ = ["FakeDesk", "Town"]
