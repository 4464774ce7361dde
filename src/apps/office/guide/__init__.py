"""The guide inside: for each role what waits, how the five common acts are done, and the keys."""
