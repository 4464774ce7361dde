"""Incoming documents: from arrival to done. Each module is one act; each act is one transaction."""
