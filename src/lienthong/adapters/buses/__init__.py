"""Shapes of provinces' buses, one file each."""
