"""The life of certificates: what is asked for, by whom it is decided, what becomes of it. Pure values and rules."""
