"""Messages through the site's mail server (RFC 5321), always under TLS. Port: `ca.mailing.Mailer`."""

import asyncio
import smtplib
import ssl
from contextlib import ExitStack
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lienthong.adapters.files import read_secret
from lienthong.ca.mailing import Answer, Letter
from lienthong.errors import Busy, ConfigurationInvalid

_SECONDS = 20
_AGAIN = "60"
"""Seconds after which a server that is away is asked again."""
_FOR_GOOD = range(500, 600)


@dataclass(frozen=True)
class SmtpMailer:
    """`server`: `smtp://user@host:587` (STARTTLS) or `smtps://user@host:465`; `sender`: the address it sends from."""

    server: str
    sender: str
    password_file: Path | None = None
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        """ConfigurationInvalid for a server or files that cannot be used: found when the process starts."""
        told = urlsplit(self.server)
        if told.scheme not in {"smtp", "smtps"} or not told.hostname or "@" not in self.sender:
            raise ConfigurationInvalid(f"mail = {self.server!r}, mail_from = {self.sender!r}")
        self._trust()
        self._password()

    async def post(self, letter: Letter) -> Answer:
        """What the server says to it. Busy."""
        return await asyncio.to_thread(self._post, letter)

    def _post(self, letter: Letter) -> Answer:
        message = self._message(letter)
        try:
            with self._connected() as server:
                server.send_message(message, self.sender, [letter.to])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            return Answer.REFUSED if all(code in _FOR_GOOD for code in codes) else Answer.LATER
        except smtplib.SMTPDataError:
            return Answer.LATER
        except (smtplib.SMTPException, OSError) as error:
            raise Busy(f"mail: {type(error).__name__}", retry_after=_AGAIN) from error
        return Answer.SENT

    def _connected(self) -> smtplib.SMTP:
        told, context = urlsplit(self.server), self._trust()
        host = told.hostname or ""
        if told.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, told.port or 465, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, told.port or 587, timeout=_SECONDS)
        with ExitStack() as unless_ready:
            unless_ready.callback(server.close)
            if told.scheme == "smtp":
                server.starttls(context=context)
            if told.username:
                server.login(unquote(told.username), self._password())
            unless_ready.pop_all()
        return server

    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise ConfigurationInvalid(f"mail_ca_file {self.ca_file}: {error.strerror or error}") from error

    def _password(self) -> str:
        return read_secret(self.password_file).decode("utf-8", "replace").strip() if self.password_file else ""

    def _message(self, letter: Letter) -> EmailMessage:
        """A line break in a subject would be a header of somebody's own."""
        made = EmailMessage(policy=SMTP)
        made["From"], made["To"] = Address(addr_spec=self.sender), Address(addr_spec=letter.to)
        made["Subject"] = " ".join(letter.subject.split())[:200]
        made["Message-ID"] = f"<{letter.id}@{self.sender.rpartition('@')[2]}>"
        made["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: nobody's holiday answers it
        made.set_content(letter.body)
        return made
