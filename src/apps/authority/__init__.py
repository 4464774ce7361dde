"""The certificate authority in the console: officers ask, examine, decide, look. Their own keys sign each decision."""
