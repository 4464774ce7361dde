"""Phrases people write again and again: their own, the agency's, and a few to begin with."""
