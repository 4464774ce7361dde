"""The bell: how many notices wait, the list of them, and how each comes."""
