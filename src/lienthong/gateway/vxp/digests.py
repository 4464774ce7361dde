"""SHA-256 as SDK 2.0.x prints it: in full, or with each byte's leading zero dropped (`…75ac03f4…` as `…75ac3f4…`)."""

import hmac


def printed(digest: bytes) -> tuple[str, str]:
    """Both spellings, lower case."""
    return digest.hex(), "".join(f"{byte:x}" for byte in digest)


def same(told: str, digest: bytes) -> bool:
    """Whether a header tells this digest in either spelling; in constant time."""
    given = told.strip().lower().encode()
    return any([hmac.compare_digest(given, spelling.encode()) for spelling in printed(digest)])  # noqa: C419  all are compared
