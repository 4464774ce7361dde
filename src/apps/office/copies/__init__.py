"""Copies of registered documents: sao y, sao lục, trích sao (Decree 30/2020, Art. 25 to 27)."""
