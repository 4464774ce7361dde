"""x"""
ENGLISH: dict[str, str] = {}
