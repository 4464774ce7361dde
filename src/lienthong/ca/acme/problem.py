"""Refusals of ACME, in its own words."""


class AcmeProblem(Exception):
    """A refusal (RFC 8555 §6.7): `kind` is the name of the error."""

    def __init__(self, kind: str, detail: str, status: int = 400, location: str = "") -> None:
        super().__init__(detail)
        self.kind, self.detail, self.status, self.location = kind, detail, status, location
