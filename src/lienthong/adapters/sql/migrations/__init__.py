"""Changes of the tables over time; see `lienthong.adapters.sql.migrate`."""
