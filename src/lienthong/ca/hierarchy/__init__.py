"""The authority's own certificates: an offline root, issuing authorities under it, one for each purpose. Pure."""
