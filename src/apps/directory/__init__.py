"""The registry's truth: who is who, since when, who speaks for whom; kept by people, published as a signed snapshot."""
