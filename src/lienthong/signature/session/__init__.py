"""Signing sessions: from a document and a certificate to a signed document, in two steps, for every kind of key."""
