"""ACME (RFC 8555) for machines: officers approve once, the machine asks and renews by itself."""
