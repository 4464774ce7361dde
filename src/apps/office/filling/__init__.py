"""Filling an office with sample documents that say so, for the demo of a large one and for measuring."""
