"""What waits, what is near its day or past it, and at whom it waits longest."""
