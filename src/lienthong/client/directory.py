"""The directory of organisations for scripts: what people do on its pages, with an access key in their name.

Answers are the JSON of docs/protocol/directory-api.md; refusals are errors of our tree.
"""

from datetime import date, datetime
from typing import Any

from lienthong.client.answers import decoded
from lienthong.client.line import Line

Told = dict[str, Any]
_ROOT = "/api/directory"


class Directory(Line):
    """One connection with one person's access key."""

    def search(self, text: str, on: date | None = None) -> Told:
        """Organisations by code or words, accents aside."""
        return self._get(Told, f"{_ROOT}/organisations", q=text, on=_iso(on))

    def below(self, code: str = "", on: date | None = None) -> Told:
        """Those directly below a code on a day; the top for none."""
        return self._get(Told, f"{_ROOT}/organisations", under=code, on=_iso(on))

    def as_of(self, code: str, on: date | None = None, known: datetime | None = None) -> Told:
        """Who had a code on a day, as believed at a moment (now). Raises NotFound."""
        return self._get(Told, f"{_ROOT}/organisations/{code}", on=_iso(on), known=_iso(known))

    def differences(self, since: date, until: date, under: str = "") -> Told:
        """What differs between two days."""
        return self._get(
            Told, f"{_ROOT}/differences", **{"from": since.isoformat(), "to": until.isoformat(), "under": under}
        )

    def export(self, form: str = "csv", under: str = "") -> bytes:
        """Every period as a table: csv or xlsx."""
        return self._ask("GET", f"{_ROOT}/export", params={"format": form, "under": under})

    def bring(self, name: str, content: bytes, day: date) -> Told:
        """Show what a table would do from a day: `id`, `rows`, `findings`, `differences`. Nothing changes."""
        return self._send(f"{_ROOT}/imports", content, name=name, day=day.isoformat())

    def take(self, number: int) -> Told:
        """Take a shown table in, whole. Raises InvalidValue for faults and for a directory that changed meanwhile."""
        return self._send(f"{_ROOT}/imports/{number}/take")

    def plans(self) -> Told:
        """All plans, the newest first."""
        return self._get(Told, f"{_ROOT}/plans")

    def plan(self, number: int) -> Told:
        """One plan and all it would do. Raises NotFound."""
        return self._get(Told, f"{_ROOT}/plans/{number}")

    def draft(self, plan: bytes) -> Told:
        """Keep a plan (JSON) as a draft."""
        return self._send(f"{_ROOT}/plans", plan)

    def act(self, number: int, act: str) -> Told:
        """`propose`, `approve`, `withdraw` or `carry-out`. Raises NotAllowed, InvalidValue."""
        return self._send(f"{_ROOT}/plans/{number}/{act}")

    def applications(self, *, every: bool = False) -> Told:
        """Applications to join, the newest first, each with its next step; `every`: those that ended too."""
        return self._get(Told, f"{_ROOT}/applications", every="1" if every else "")

    def application(self, number: int) -> Told:
        """One application: its form, `steps` with what each waits for, `acts` that can be done now. Raises NotFound."""
        return self._get(Told, f"{_ROOT}/applications/{number}")

    def letter(self, number: int) -> bytes:
        """Its signed letter, a PDF. Raises NotFound."""
        return self._ask("GET", f"{_ROOT}/applications/{number}/letter")

    def requests(self, number: int) -> bytes:
        """The certificate requests of its gateway, as text. Raises NotFound."""
        return self._ask("GET", f"{_ROOT}/applications/{number}/requests")

    def decide(self, number: int, act: str, said: bytes = b"") -> Told:
        """One act of `acts`; `said`: the reason of `refuse`, the PEM of `certificates`. `code` is told once.

        Raises NotAllowed for another province's, a role without the right, and who examined and would approve;
        IllegalMove, InvalidValue.
        """
        return self._send(f"{_ROOT}/applications/{number}/{act}", said)

    def publish(self, days: int) -> Told:
        """Ask for the next version; `version` is None while it waits for where the key is."""
        return self._send(f"{_ROOT}/publications", b'{"days": %d}' % days)

    def newest(self) -> Told:
        """The newest version, and whether another is due. Raises NotFound before the first."""
        return self._get(Told, f"{_ROOT}/publications")

    def snapshot(self, version: int) -> bytes:
        """The signed file of a version. Raises NotFound."""
        return self._ask("GET", f"{_ROOT}/publications/{version}")

    def name_successor(self, certificate: bytes) -> Told:
        """Name the registry's next key by its certificate (PEM)."""
        return self._send(f"{_ROOT}/succession", certificate)

    def _send(self, path: str, body: bytes = b"", **query: str) -> Told:
        return decoded(Told, self._ask("POST", path, content=body, params=query))


def _iso(moment: date | None) -> str:
    return moment.isoformat() if moment else ""
