"""Outgoing documents: from the first draft to what is sent. Each module is one thing that happens on that way."""
