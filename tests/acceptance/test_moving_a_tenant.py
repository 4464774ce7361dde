"""From a shared gateway to one's own while documents come and go: nothing is lost, nothing comes twice. And the echo."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from lienthong.ca.ceremony import AuthorityFolder
from lienthong.cli.demo.build import _enter, _Keys
from lienthong.cli.demo.country import CITY, GOVERNMENT, Agency
from lienthong.cli.echo import answered
from lienthong.client import Desk, Entry, File, Metadata, Operations, take_in
from lienthong.document import VIETNAM, OrganisationCode
from lienthong.errors import LienThongError
from lienthong.registry import Representation, Snapshot
from running_country import Country, now, until

pytestmark = pytest.mark.acceptance
MOVER = Agency("H29.97", "Ủy ban nhân dân phường Mẫu Dời", "Mẫu Dời", "commune", GOVERNMENT, "H29")
LATE = Agency("H29.96", "Ủy ban nhân dân phường Mẫu Muộn", "Mẫu Muộn", "commune", GOVERNMENT, "H29")
ECHO = Agency("G22.98", "Cơ quan trả lời tự động mẫu", "Trả lời", "central", GOVERNMENT, "G22")
ROUNDS = 12
"""Documents each of the two writers sends; the move comes in the middle."""
LETTER = [File("a.pdf", "application/pdf", b"%PDF-1.7\n% mau\n%%EOF\n")]


def metadata(subject: str, to: str) -> Metadata:
    return Metadata("1", "CV-MẪU", subject, (to,))


def send(desk: Desk, to: str, subject: str) -> None:
    until(lambda: _sent(desk, to, subject), f"{subject} handed in")


def _sent(desk: Desk, to: str, subject: str) -> bool:
    try:
        desk.send(metadata(subject, to), LETTER, message_id=subject)
    except LienThongError as error:
        if error.permanent:
            raise
        return False
    return True


class Load(threading.Thread):
    """Someone who writes one document after another, until the last."""

    def __init__(self, desks: list[Desk], to: str, name: str) -> None:
        super().__init__(daemon=True)
        self.desks, self.to, self.word, self.half = desks, to, name, threading.Event()
        self.failed: list[BaseException] = []

    def run(self) -> None:
        """The first half over the first desk, the rest over the last."""
        try:
            for number in range(ROUNDS):
                send(self.desks[0 if number < ROUNDS // 2 else -1], self.to, f"{self.word}-{number}")
                if number == ROUNDS // 2 - 1:
                    self.half.set()
        except BaseException as error:  # noqa: BLE001  told by the test
            self.failed.append(error)
            self.half.set()


Found = set[tuple[str, str, str]]
"""Subject, package and where it was taken; what is offered again after a lost answer is the same."""


def collect(desk: Desk, word: str, where: str, found: Found) -> None:
    """Take in what waits, as software does: a desk that cannot answer now is asked again next time."""

    def store(entry: Entry) -> None:
        if entry.subject.startswith(word):
            found.add((entry.subject, entry.id, where))

    try:
        take_in(desk, store)
    except LienThongError as error:
        if error.permanent:
            raise


def handed_over(snapshot: Snapshot, who: Agency, last: timedelta) -> Snapshot:
    """The agency's own gateway speaks from today; the one before until its last day, counted from today."""
    today, code = now().astimezone(VIETNAM).date(), OrganisationCode(who.code)
    kept = [
        replace(row, valid_to=today + last) if row.organisation == code else row for row in snapshot.representations
    ]
    return replace(snapshot, representations=(*kept, Representation(CITY, code, today)))


def moved(country: Country, who: Agency, last: timedelta) -> Desk:
    """Keys of its own on the other gateway, then the registry; the desk there."""
    place = country.place
    keys = _Keys(place, AuthorityFolder.load(place.folder / "authority"), now())
    here = replace(who, gateway=CITY)
    old = (place.folder / "tokens" / who.code).read_text()
    certificates = keys.agency(here)
    _enter(place, here)
    token = (place.folder / "tokens" / who.code).read_text()
    (place.folder / "tokens" / who.code).write_text(old)
    country.change(
        lambda before: handed_over(replace(before, certificates=(*before.certificates, *certificates)), who, last)
    )
    return Desk(place.url(CITY), token, ca=place.root)


def test_nothing_is_lost_while_a_tenant_moves(country: Country) -> None:
    country.admit([MOVER])
    old, government = country.desk(MOVER.code), country.desk("G22")
    writing = [Load([government], MOVER.code, "den-phuong"), Load([old], "G22", "cua-phuong")]
    for each in writing:
        each.start()
    for each in writing:
        assert each.half.wait(60)
    with moved(country, MOVER, timedelta(days=7)) as new:
        writing[1].desks.append(new)
        arrive(country, writing, old, new)


def arrive(country: Country, writing: list[Load], old: Desk, new: Desk) -> None:
    government = country.desk("G22")
    came, went = Found(), Found()

    def all_here() -> bool:
        for where, desk in (("old", old), ("new", new)):
            collect(desk, "den-phuong", where, came)
        collect(government, "cua-phuong", "government", went)
        return len(subjects(came)) == len(subjects(went)) == ROUNDS

    until(all_here, "every document at both ends", patience=90)
    for each in writing:
        each.join(30)
        assert each.failed == []
    assert {*subjects(came).values()} == {*subjects(went).values()} == {1}
    send(government, MOVER.code, "den-phuong-cuoi")
    until(lambda: [each for each in new.inbox() if each.subject == "den-phuong-cuoi"], "new ones go to its own gateway")


def subjects(found: Found) -> Counter[str]:
    return Counter(subject for subject, *_ in found)


@contextmanager
def held(country: Country, gateway: str) -> Iterator[None]:
    """The axis lets this gateway take nothing; its registry it still gets."""
    place = country.place
    token = (place.folder / "tokens" / "operator-axis").read_text("utf-8").strip()
    with Operations(place.url("axis-ops"), token) as axis:
        axis.hold(gateway, "paused", "thử chuyển máy chủ")
        try:
            yield
        finally:
            axis.resume(gateway, "xong")


def test_what_waits_when_the_handover_ends_and_what_is_told_later_go_to_the_new_gateway(country: Country) -> None:
    country.admit([LATE])
    city, old = country.desk("H29"), country.desk(LATE.code)
    sent = old.send(metadata("gui-truoc-khi-doi", "H29"), LETTER)
    until(lambda: country.http("H29").get(f"/v1/documents/{sent.entry.id}").status_code == 200, "it arrived")
    with held(country, GOVERNMENT):
        waiting = city.send(metadata("cho-o-truc", LATE.code), LETTER)
        until(lambda: city.document(waiting.entry.id).entry.recipients[0].state == "accepted", "it waits at the axis")
        with moved(country, LATE, timedelta(days=-1)) as new:
            until(lambda: [each for each in new.inbox() if each.subject == "cho-o-truc"], "it came to the new gateway")
            until(lambda: city.document(waiting.entry.id).entry.recipients[0].state == "delivered", "and is delivered")
            city.report(sent.entry.id, "03")
            until(lambda: new.inbox(contents=("status",)), "a status on what was sent before comes to the new one")


def test_the_echo_answers_once(country: Country) -> None:
    country.admit([ECHO])
    echo, government = country.desk(ECHO.code), country.desk("G22")
    send(government, ECHO.code, "thu-ket-noi")
    until(lambda: answered(echo), "the echo has it")
    assert answered(echo) == []

    def answer() -> list[str]:
        return [each.subject for each in government.incoming("TRA-LOI").entries if each.sender == ECHO.code]

    assert until(answer, "the answer is back") == ["Trả lời tự động: đã nhận văn bản 1/CV-MẪU"]
    sent = government.outgoing("thu-ket-noi").entries[0]
    until(lambda: government.document(sent.id).entry.recipients[0].status == "06", "it is finished")
