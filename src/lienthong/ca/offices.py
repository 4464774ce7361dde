"""The process that issues, wired: memory, keys, registry, faces, and what it does by itself. A bootstrap."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from litestar import Litestar
from litestar.datastructures import State

from lienthong.adapters.answer_files import FolderAnswers
from lienthong.adapters.bootstrap import Job, background, configure_logging, registry_file, root_certificates
from lienthong.adapters.clock import SystemClock
from lienthong.adapters.confined import Examiner
from lienthong.adapters.excel import form_to_fill, read_cells
from lienthong.adapters.http import EXCEPTION_HANDLERS, Listen, openapi, openapi_files, serve
from lienthong.adapters.letters import ConfinedLetters
from lienthong.adapters.logface import log_routes
from lienthong.adapters.mailing import SmtpMailer
from lienthong.adapters.probing import HttpProber
from lienthong.adapters.revocation import RevocationIndex
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.ca import SqlRegisters
from lienthong.adapters.store_settings import StoreSettings, where
from lienthong.adapters.trust import version_of
from lienthong.ca import app as small
from lienthong.ca.acme.problem import AcmeProblem
from lienthong.ca.acme.routes import ACME, Face, refused
from lienthong.ca.acme.service import Acme
from lienthong.ca.acme.signed import Nonces, forget_nonces, nonce_key
from lienthong.ca.bulk import Bulk
from lienthong.ca.carrying import Carrying
from lienthong.ca.casework import Casework
from lienthong.ca.config import Acme as AcmeSettings
from lienthong.ca.config import Config
from lienthong.ca.config import Office as OfficeSettings
from lienthong.ca.departures import Departures
from lienthong.ca.desk import stamper_of_pair
from lienthong.ca.faces.desk import OFFICE
from lienthong.ca.faces.office import Office, Tables
from lienthong.ca.faces.quick import Quick
from lienthong.ca.faces.states import PUBLIC, States
from lienthong.ca.folders import HouseFolder
from lienthong.ca.house import House
from lienthong.ca.mailing import Mailing
from lienthong.ca.ocsp import Responder
from lienthong.ca.people import People
from lienthong.ca.registers import Registers
from lienthong.ca.reminders import Reminding
from lienthong.ca.status.answers import Answers
from lienthong.ca.status.board import Board, OwnKnowledge
from lienthong.ca.status.feeding import Feeding
from lienthong.ca.status.lists import Lists
from lienthong.ca.tsa import Stamper, answer
from lienthong.errors import AlgorithmNotAllowed
from lienthong.evidence import stamp as rfc3161
from lienthong.registry import Book
from lienthong.signature.judging import Trust, shipped

FOLLOW, CARRY, LIST, DEPART, MAIL, REMIND = 1.0, 1.0, 2.0, 60.0, 60.0, 3600.0
"""Seconds between rounds."""
Ready = Callable[[], Any]


@dataclass(frozen=True)
class Stamps:
    """Stamps of this very process; a `CertificateDesk` as far as the stamping route goes."""

    stamper: Stamper
    now: Callable[[], datetime]

    def stamp(self, request: bytes) -> bytes:
        """The TimeStampResp to a TimeStampReq, both DER."""
        return answer(request, self.stamper, self.now(), x509.random_serial_number)

    def token(self, digest: bytes) -> bytes:
        """A stamp for our own log. EvidenceBroken when the certificate is not in force."""
        nonce = x509.random_serial_number() >> 96
        return rfc3161.token_of(self.stamp(rfc3161.request(digest, nonce)), digest, nonce)


async def run(config: Config, settings: OfficeSettings, ready: Ready) -> None:
    """The authority that issues, until SIGTERM."""
    configure_logging()
    clock, home = SystemClock(), HouseFolder.load(config.folder, config.passphrase_file)
    book = Book(root_certificates(settings.registry_roots), serving=False)
    reading = registry_file(book, settings.registry, clock)
    await reading()
    signer = home.service("log").note_signer(settings.origin)
    async with AsyncExitStack() as stack:
        place = where(StoreSettings(settings.store), settings.data)
        store = await stack.enter_async_context(SqlStore.open(place, signer, clock))
        registers = SqlRegisters(store, home.name)
        board = Board(registers, tuple(home.issuers))
        await board.follow()
        examiner = stack.enter_context(Examiner())
        others = {name: each.certificate for name, each in home.issuers.items()}
        above = RevocationIndex([home.root, *others.values()])
        known = OwnKnowledge(board, others, clock.now, above)
        taking = partial(_take_root_list, home, above, clock)
        await taking()
        letters = ConfinedLetters(examiner, shipped("vn"), _trust(settings, home), known, clock.now)
        house = _house(home, book, settings, clock, letters)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        parts = _Parts(house, registers, board, home, settings, config, store, session, await nonce_key(registers))
        jobs: dict[str, tuple[float, Job]] = {"registry": (1.0, reading), "root-list": (LIST, taking), **parts.jobs()}
        await stack.enter_async_context(background(jobs, clock))
        await serve(parts.faces(), ready)


async def _take_root_list(home: HouseFolder, above: RevocationIndex, clock: SystemClock) -> None:
    """The root's list as it lies here: a new one is known without a new start."""
    above.take(await asyncio.to_thread(lambda: home.root_list), clock.now())


def _house(home: HouseFolder, book: Book, settings: OfficeSettings, clock: SystemClock, letters: Any) -> House:
    return House(
        home.name,
        home.issuers,
        book.directory,
        clock.now,
        publish_at=home.publish_at,
        policy=settings.policy,
        holidays=frozenset(map(date.fromisoformat, settings.holidays)),
        letters=letters,
    )


def _trust(settings: OfficeSettings, home: HouseFolder) -> Trust:
    """Our own root, and whoever else may have signed a letter: foreign roots by setting."""
    roots = (home.root, *(each for path in settings.letter_roots for each in root_certificates(path)))
    others = tuple(each.certificate for each in home.issuers.values())
    return Trust(version_of((*roots, *others)), roots, others)


@dataclass
class _Parts:
    """Everything that works together."""

    house: House
    registers: Registers
    board: Board
    home: HouseFolder
    settings: OfficeSettings
    config: Config
    store: SqlStore
    session: aiohttp.ClientSession
    nonce_key: bytes

    def __post_init__(self) -> None:
        files = FolderAnswers(self.settings.answers) if self.settings.answers else None
        self.responders = responders(self.home)
        self.answers = Answers(self.registers, self.board, self.responders, self.house.now, files)
        self.lists = Lists(self.house, self.registers)
        self.carrying = Carrying(self.house, self.registers)
        self.casework = Casework(self.house, self.registers)
        self.departures = Departures(self.house, self.registers)
        self.mailer = _mailer(self.settings)
        self.stamps = Stamps(stamper_of_pair(self.home.service("tsa"), self.config.policy), self.house.now)

    def jobs(self) -> dict[str, tuple[float, Job]]:
        """What is done by itself; all but following only by the process on duty."""
        work: dict[str, tuple[float, Job]] = {
            "carrying": (CARRY, self.carrying.round),
            "listing": (LIST, self.lists.round),
            "departing": (DEPART, self.departures.round),
            "reminding": (REMIND, Reminding(self.house, self.registers, mails=self.mailer is not None).round),
            "forgetting": (REMIND, lambda: forget_nonces(self.registers, self.house.now())),
            "stamping": (self.settings.stamp_seconds, self._stamp),
        }
        if self.mailer is not None:
            mailing = Mailing(self.house, self.registers, self.mailer, self.settings.mail_link)
            work["mailing"] = (MAIL, mailing.round)
        if self.settings.answers:
            work["presigning"] = (self.settings.presign_hours * 3600, self._presign)
        shared = {name: (pause, partial(self._on_duty, job)) for name, (pause, job) in work.items()}
        return {"following": (FOLLOW, self.board.follow), **shared}

    async def _on_duty(self, job: Job) -> None:
        if self.store.on_duty:
            await job()

    async def _stamp(self) -> None:
        """Date the newest head of the log."""
        found = await self.store.unstamped()
        if found is not None:
            size, note, _ = found
            await self.store.keep_stamp(size, self.stamps.token(hashlib.sha256(note.encode()).digest()))

    async def _presign(self) -> None:
        for issuer in self.house.issuers:
            await self.answers.presign(issuer)

    def faces(self) -> list[tuple[Any, Listen]]:
        """The public one, and the officers'."""
        listen, mine = self.config.listen, self.settings.listen
        found: list[tuple[Any, Listen]] = [
            (Quick(self.public(), self.answers), Listen(listen.host, listen.port, listen.certificate, listen.key)),
            (self.office(), Listen(mine.host, mine.port, mine.certificate, mine.key, mine.client_ca)),
        ]
        if (there := self.settings.acme) is not None:
            found.append((self.machines(there), Listen(there.host, there.port, there.certificate, there.key)))
        return found

    def machines(self, there: AcmeSettings) -> Litestar:
        """What machines ask for by ACME."""
        prober = HttpProber(self.session, there.http_port)
        acme = Acme(self.house, self.registers, self.casework, self.carrying, prober)
        face = Face(acme, Nonces(self.nonce_key), there.url.rstrip("/"))
        about = openapi(
            "Liên Thông CA – ACME", "1", "Chứng thư cho máy chủ bảo mật. Certificates for gateways (RFC 8555)."
        )
        return Litestar(
            [*ACME, *openapi_files()],
            state=State({"acme": face}),
            openapi_config=about,
            exception_handlers={**EXCEPTION_HANDLERS, AcmeProblem: refused},
        )

    def public(self) -> Litestar:
        """What everybody may ask."""
        held = {name: each.certificate for name, each in self.house.issuers.items()}
        held |= {"root": self.home.root, "tsa": self.home.service("tsa").certificate}
        feed = Feeding(self.registers, self.responders, self.house.now)
        states = States(self.house, self.lists, self.answers, feed, held, self.home.root_list)
        about = openapi(small.TITLE, small.VERSION, small.DESCRIPTION)
        return Litestar(
            [small.stamp, *PUBLIC, *openapi_files()],
            state=State({"desk": self.stamps, "states": states}),
            openapi_config=about,
            exception_handlers=dict(EXCEPTION_HANDLERS),
        )

    def office(self) -> Litestar:
        """What officers do, and the log for whoever watches it."""
        bulk = Bulk(self.house, self.registers, self.casework)
        tables = Tables(read_cells, form_to_fill)
        people = People(self.house, self.registers)
        work = (self.casework, self.carrying, self.departures, people, bulk)
        office = Office(self.house, self.registers, *work, tables, self.home.root)
        about = openapi(
            "Liên Thông CA – cán bộ / officers", "1", "Hồ sơ chứng thư, duyệt, tra cứu. Cases, decisions, search."
        )
        return Litestar(
            [*OFFICE, *log_routes(self.store), *openapi_files()],
            state=State({"office": office}),
            openapi_config=about,
            exception_handlers=dict(EXCEPTION_HANDLERS),
        )


def _mailer(settings: OfficeSettings) -> SmtpMailer | None:
    """None without a mail server: reminders are listed alone. ConfigurationInvalid."""
    if not settings.mail:
        return None
    return SmtpMailer(settings.mail, settings.mail_from, settings.mail_password_file, settings.mail_ca_file)


def responders(home: HouseFolder) -> Mapping[str, Responder]:
    """Who answers for each issuing authority. AlgorithmNotAllowed unless the key is P-256."""
    found = {}
    for name, issuer in home.issuers.items():
        pair = home.service(f"answers-{name}")
        if not isinstance(pair.key, EllipticCurvePrivateKey):
            raise AlgorithmNotAllowed("answers are signed with P-256")
        found[name] = Responder(pair.key, pair.certificate, issuer.certificate)
    return found
