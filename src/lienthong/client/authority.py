"""The certificate authority for who asks it: a case is opened with a token; officers there decide it by signed orders.

Answers are the JSON of docs/protocol/ca-api.md; refusals are errors of our tree.
"""

from typing import Any
from urllib.parse import quote

from lienthong.client.answers import decoded
from lienthong.client.line import Line

Told = dict[str, Any]


class Authority(Line):
    """One connection with the token of an officer who may ask."""

    def ask(self, case: str, form: Told) -> Told:
        """Open a case under an id of the caller's choice; a repeat answers how it stands. Else its refusal."""
        return self._put(f"/v1/cases/{quote(case, safe='')}", {"form": form})

    def complete(self, case: str, form: Told) -> Told:
        """Another form in place of the one that was returned. IllegalMove."""
        return self._post(Told, f"/v1/cases/{quote(case, safe='')}/form", {"form": form})

    def case(self, case: str) -> Told:
        """A case and its history. NotFound."""
        return self._get(Told, f"/v1/cases/{quote(case, safe='')}")

    def certificate(self, named: str) -> Told:
        """A certificate (`issuer/serial`) with its `chain`: base64 of DER, leaf first, the root last. NotFound."""
        return self._get(Told, f"/v1/certificates/{quote(named)}")

    def _put(self, path: str, body: Told) -> Told:
        return decoded(Told, self._ask("PUT", path, json=body))
