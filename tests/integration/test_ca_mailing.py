"""Reminders by e-mail, through a real mail server: to whoever answers, one message a working morning, each step once."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ca_house import DIRECTORY, CaWorld, agency, ca_world, csr, gateway, people, person
from lienthong.adapters.mailing import SmtpMailer
from lienthong.ca import mailing
from lienthong.ca.delegation.model import Officer
from lienthong.ca.mailing import Answer, Letter, Mailing, next_morning
from lienthong.ca.people import record_of
from lienthong.ca.registers import Held, RecordsWanted
from lienthong.ca.reminders import Reminding
from lienthong.errors import Busy, ConfigurationInvalid, InvalidValue
from lienthong.registry import Directory
from lienthong.registry.model import Contact
from mail_sink import PASSWORD, MailSink, mail_sink

pytestmark = pytest.mark.integration
LAN, BO, UONG = "lan@example.vn", "bo@example.vn", "uong@example.vn"
OWN, OFFICE = "mau@example.vn", "van-thu@example.vn"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[MailSink]:
    (tmp_path / "sink").mkdir()
    with mail_sink(tmp_path / "sink") as found:
        yield found


def mailer(sink: MailSink, **other: Any) -> SmtpMailer:
    password = sink.root.parent / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    told = {"server": sink.url, "sender": "ca@example.vn", "password_file": password, "ca_file": sink.root}
    return SmtpMailer(**(told | other))


@dataclass
class Post:
    """An authority that tells by e-mail; officers and one office have addresses."""

    ca: CaWorld
    sink: MailSink
    link: str = "https://ban.example/van-hanh/chung-thu/sap-het-han/"

    def __post_init__(self) -> None:
        self.reminding = Reminding(self.ca.house, self.ca.registers, mails=True)
        self.sending = self.through(mailer(self.sink))

    def through(self, mailer: mailing.Mailer) -> Mailing:
        return Mailing(self.ca.house, self.ca.registers, mailer, self.link)

    async def before_the_end(self, held: Held, days: float) -> None:
        """So many days before the end, at the next working morning after its reminder."""
        self.ca.clock.advance(held.ends - timedelta(days=days) - self.ca.clock.now())
        await self.reminding.round()
        self.ca.clock.advance(next_morning(self.ca.clock.now()) - self.ca.clock.now())

    async def came(self) -> dict[str, str]:
        """What a round brings to each address: its text."""
        self.sink.got.clear()
        count = await self.sending.round()
        assert count == len(self.sink.got)
        return {str(each["To"]): each.get_content() for each in self.sink.got}


@pytest.fixture
async def post(tmp_path: Path, sink: MailSink) -> AsyncIterator[Post]:
    async with ca_world(tmp_path / "ca") as ca:
        for name, email in (("lan", LAN), ("bo", BO), ("uong", UONG)):
            await known(ca, replace(people()[name].officer, email=email))
        rows = tuple(
            replace(each, contact=Contact(email=OFFICE)) if str(each.code) == "H29.13" else each
            for each in DIRECTORY.snapshot.organisations
        )
        object.__setattr__(ca.house, "directory", lambda: Directory(replace(DIRECTORY.snapshot, organisations=rows)))
        yield Post(ca, sink)


async def known(ca: CaWorld, officer: Officer) -> None:
    await ca.registers.write(lambda tx: tx.put_record(record_of(officer)))


async def test_whoever_answers_is_told_once_a_step(post: Post) -> None:
    held = await post.ca.issued(person())
    await post.before_the_end(held, 89)
    told = await post.came()
    assert told.keys() == {LAN, OWN}
    for part in ("Nguyễn Văn Mẫu, Sở Nội vụ mẫu", f"{held.ends:%d/%m/%Y}", "certificates end soon", held.id, post.link):
        assert part in told[LAN]
    assert told[LAN].index("sắp hết hạn") < told[LAN].index("end soon")
    assert await post.reminding.round() == 0
    assert await post.came() == {}
    for days in (59, 29):
        await post.before_the_end(held, days)
        assert (await post.came()).keys() == {LAN, OWN}
        assert await post.came() == {}
    await post.before_the_end(held, 3)
    assert await post.came() == {}


async def test_one_message_of_many_and_the_offices_own_contact(post: Post) -> None:
    first = await post.ca.issued(person())
    machine = await post.ca.issued(gateway("H29.13", holder="gateway:gw-yte", hosts=(), csr=csr()), "c2")
    seal = await post.ca.issued(agency("H29.13"), "c3")
    await post.before_the_end(machine, 20)
    told = await post.came()
    assert told.keys() == {LAN, OFFICE}
    assert (machine.id in told[OFFICE], first.id in told[OFFICE]) == (True, False)
    await post.before_the_end(max(first, seal, key=lambda each: each.ends), 20)
    told = await post.came()
    assert [(first.id in text, seal.id in text) for text in (told[LAN], told[OFFICE], told[OWN])] == [
        (True, True),
        (False, True),
        (True, False),
    ]
    assert [str(each["Subject"]) for each in post.sink.got if each["To"] == LAN] == [
        "2 chứng thư số sắp hết hạn · 2 certificates end soon"
    ]


async def test_the_centre_where_nobody_in_scope_has_an_address(post: Post) -> None:
    await known(post.ca, people()["lan"].officer)
    held = await post.ca.issued(person(email=""))
    await post.before_the_end(held, 20)
    assert (await post.came()).keys() == {UONG}


async def test_what_was_stopped_before_the_morning_is_not_told(post: Post) -> None:
    held = await post.ca.issued(gateway())
    await post.before_the_end(held, 20)
    await post.ca.revoked(held)
    assert await post.came() == {}
    left = await post.ca.registers.read(lambda view: view.records(RecordsWanted(mailing.KIND)))
    assert left == []


async def test_a_server_that_is_away_loses_nothing(post: Post) -> None:
    held = await post.ca.issued(person())
    await post.before_the_end(held, 20)
    away = post.through(mailer(post.sink, server="smtp://127.0.0.1:1"))
    with pytest.raises(Busy) as error:
        await away.round()
    assert error.value.facts["retry_after"] == "60"
    wrong = post.through(mailer(post.sink, ca_file=None))
    with pytest.raises(Busy, match="SSL"):
        await wrong.round()
    assert (await post.came()).keys() == {LAN, OWN}


async def test_a_crash_after_sending_repeats_under_the_same_name(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    held = await post.ca.issued(person(email=""))
    await post.before_the_end(held, 20)
    with monkeypatch.context() as patch:

        async def crash(_work: object) -> None:
            raise ConnectionError

        patch.setattr(post.ca.registers, "write", crash)
        with pytest.raises(ConnectionError):
            await post.sending.round()
    [first] = [str(each["Message-ID"]) for each in post.sink.got]
    assert (await post.came()).keys() == {LAN}
    assert [str(each["Message-ID"]) for each in post.sink.got] == [first]


async def test_an_address_that_takes_nothing_keeps_nobody_else_from_it(post: Post) -> None:
    held = await post.ca.issued(person())
    await post.before_the_end(held, 20)
    post.sink.answers = {LAN: "450 later", OWN: "550 no such user"}
    assert await post.came() == {}
    post.sink.answers = {}
    assert await post.came() == {}
    post.ca.clock.advance(timedelta(hours=1))
    assert (await post.came()).keys() == {LAN}


async def test_without_a_mail_server_reminders_are_listed_alone(post: Post) -> None:
    held = await post.ca.issued(person())
    post.reminding = Reminding(post.ca.house, post.ca.registers)
    await post.before_the_end(held, 20)
    assert await post.came() == {}


async def test_a_subject_is_one_line_and_has_one_reader(sink: MailSink) -> None:
    letter = Letter(LAN, "một\r\nBcc: ke-gian@example.invalid", "nội dung", "a1")
    assert await mailer(sink).post(letter) is Answer.SENT
    [got] = sink.got
    assert (got["Subject"], got["Bcc"]) == ("một Bcc: ke-gian@example.invalid", None)


@pytest.mark.parametrize("server", ["http://mail.example", "smtp://", "mail.example"])
def test_settings_that_cannot_be_used(server: str) -> None:
    with pytest.raises(ConfigurationInvalid):
        SmtpMailer(server, "ca@example.vn")
    with pytest.raises(ConfigurationInvalid):
        SmtpMailer("smtp://mail.example", "không có")


@pytest.mark.parametrize("email", ["a,b@example.vn", "a@b\nBcc: c@d", "a@b@c", "ả@example.vn", "a" * 250 + "@b.vn"])
def test_an_officer_has_one_address(email: str) -> None:
    with pytest.raises(InvalidValue):
        replace(people()["lan"].officer, email=email)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-30T00:29:00", "2026-11-30T00:30:00"),
        ("2026-11-30T00:30:00", "2026-12-02T00:30:00"),
        ("2026-12-04T05:00:00", "2026-12-07T00:30:00"),
        ("2026-12-05T18:00:00", "2026-12-07T00:30:00"),
    ],
)
def test_the_next_working_morning_in_vietnam(now: str, morning: str) -> None:
    told = next_morning(datetime.fromisoformat(now).replace(tzinfo=UTC), {date(2026, 12, 1)})
    assert told == datetime.fromisoformat(morning).replace(tzinfo=UTC)
