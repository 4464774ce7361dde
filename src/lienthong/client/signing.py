# Made from aio/signing.py by tools/blocking_client.py: change that one.
"""The signing calls of a desk."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import msgspec

from lienthong.client.answers import decoded
from lienthong.client.line import Line
from lienthong.client.papers import Paper, SigningKeyView, SigningSession
from lienthong.errors import SigningEnded, by_code

SESSIONS = "/v1/signatures/sessions"
BATCHES = "/v1/signatures/batches"
_POLL = 25.0
"""Seconds one long poll asks for."""


class Signatures(Line):
    """Sessions in two steps with every kind of key."""

    def signing_keys(self) -> tuple[SigningKeyView, ...]:
        """The keys the agency may sign with at its gateway."""
        return self._get(tuple[SigningKeyView, ...], "/v1/signatures/keys")

    def prepare_signature(
        self,
        papers: Sequence[Paper],
        role: str,
        person: str,
        *,
        key: str = "",
        kind: str = "browser",
        certificate: bytes = b"",
        chain: Sequence[bytes] = (),
        level: str = "B-B",
        picture: bytes = b"",
        copied: str = "",
        id: str = "",
    ) -> tuple[SigningSession, ...]:
        """The first step for one document or many (up to 200); safe to repeat with the same `id`.

        `key` is one of `signing_keys`; without it the certificate (DER) of a key in a person's hands, `kind` browser
        or plugin. `copied` is the form of a copy for the role `copy`: SAO Y, SAO LỤC, TRÍCH SAO.
        Raises SignatureProblem (may not be signed so), NotFound (no such key), DuplicateDiffers.
        """
        said = {
            "id": id or uuid4().hex,
            "role": role,
            "person": person,
            "key": key,
            "kind": kind,
            "certificate": b64encode(certificate).decode(),
            "chain": [b64encode(each).decode() for each in chain],
            "level": level,
            "picture": b64encode(picture).decode(),
            "documents": [_said(paper) for paper in papers],
        } | ({"copied": copied} if copied else {})
        form: list[tuple[str, tuple[str | None, bytes, str | None]]]
        form = [("metadata", (None, msgspec.json.encode(said), None))]
        form += [("files", (f"{number}.pdf", paper.pdf, "application/pdf")) for number, paper in enumerate(papers, 1)]
        return decoded(tuple[SigningSession, ...], self._ask("POST", SESSIONS, files=form))

    def complete_signature(
        self, id: str, *, value: bytes = b"", cms: bytes = b"", file: bytes = b"", secret: str = ""
    ) -> SigningSession:
        """The second step: a signature value, a CMS, a signed file, or the word to a key of the gateway.

        Raises SigningDiffers (not of this session), SigningEnded, SecretWrong, KeyUnavailable; then nothing changed.
        """
        if file:
            headers = {"Content-Type": "application/pdf"}
            answered = self._ask("PUT", f"{SESSIONS}/{quote(id)}/document", content=file, headers=headers)
            return decoded(SigningSession, answered)
        body = {"value": b64encode(value).decode(), "cms": b64encode(cms).decode(), "secret": secret}
        return self._post(SigningSession, f"{SESSIONS}/{quote(id)}/complete", body)

    def complete_signatures(self, batch: str, secret: str = "") -> tuple[SigningSession, ...]:
        """Ask the gateway's key for a whole bulk under one authorisation; each document has its own outcome."""
        return self._post(tuple[SigningSession, ...], f"{BATCHES}/{quote(batch)}/complete", {"secret": secret})

    def signing_session(self, id: str, wait: float = 0) -> SigningSession:
        """How a session stands, at once or after at most 30 seconds of waiting for its end."""
        return self._get(SigningSession, f"{SESSIONS}/{quote(id)}", seconds=wait)

    def signing_batch(self, batch: str) -> tuple[SigningSession, ...]:
        """How the sessions of a bulk stand."""
        return self._get(tuple[SigningSession, ...], f"{BATCHES}/{quote(batch)}")

    def cancel_signature(self, id: str) -> SigningSession:
        """Give a session up."""
        return decoded(SigningSession, self._ask("DELETE", f"{SESSIONS}/{quote(id)}"))

    def signed_document(self, id: str) -> bytes:
        """The signed file of a session that ended well."""
        return self._ask("GET", f"{SESSIONS}/{quote(id)}/document")

    def await_signature(self, id: str) -> SigningSession:
        """Wait until a session has ended; at the latest when it expires."""
        while True:
            found = self.signing_session(id, _POLL)
            if found.over:
                return found

    def sign(
        self,
        paper: Paper,
        role: str,
        person: str,
        key: str,
        *,
        level: str = "B-B",
        secret: str = "",
        copied: str = "",
        id: str = "",
    ) -> bytes:
        """All at once with a key of the gateway; the signed file.

        Raises what the steps raise, and the problem of a session that did not end well.
        """
        (session,) = self.prepare_signature([paper], role, person, key=key, level=level, copied=copied, id=id)
        session = self.complete_signature(session.id, secret=secret)
        session = session if session.over else self.await_signature(session.id)
        return self.signed_document(_require_signed(session).id)


def _said(paper: Paper) -> dict[str, Any]:
    plain: dict[str, Any] = {"title": paper.title, "number": paper.number, "placing": paper.placing}
    if paper.place is not None:
        plain["place"] = msgspec.to_builtins(paper.place)
    if paper.seal_place is not None:
        plain["seal_place"] = msgspec.to_builtins(paper.seal_place)
    return plain


def _require_signed(session: SigningSession) -> SigningSession:
    if session.state == "signed":
        return session
    problem = by_code(session.problem) if session.problem else SigningEnded
    raise problem(f"{session.id}: {session.state}")
