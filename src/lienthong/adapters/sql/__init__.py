"""A hop's memory and evidence log in a database: SQLite now, the same statements on PostgreSQL later."""

from lienthong.adapters.sql import schema_ca as schema_ca  # its tables belong to every memory
from lienthong.adapters.sql.store import SqlStore
from lienthong.adapters.sql.writer import Limits

__all__ = ["Limits", "SqlStore"]
