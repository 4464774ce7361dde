"""A real SMTP server (aiosmtpd, STARTTLS) for one test, and what came to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from lienthong.cli.servers.ports import free_port
from mail_server import self_signed

USER, PASSWORD = "nhac", "mat-khau-thu"


@dataclass
class MailSink:
    """`answers`: what the server says to a recipient in place of yes, such as `550 no such user`."""

    port: int
    root: Path
    answers: dict[str, str] = field(default_factory=dict)
    got: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://{USER}@127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's
        self.got.append(message_from_bytes(envelope.content, EmailMessage, policy=default))
        return "250 OK"


def _known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> AuthResult:
    own = isinstance(told, LoginPassword) and (told.login, told.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=own)


@contextmanager
def mail_sink(folder: Path) -> Iterator[MailSink]:
    """Started, and ended whatever the test does; only who signs in under TLS may send."""
    self_signed(folder)
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    sink = MailSink(free_port(), folder / "cert.pem")
    server = Controller(
        sink, hostname="127.0.0.1", port=sink.port, tls_context=context, require_starttls=True,
        authenticator=_known, auth_required=True,
    )  # fmt: skip
    server.start()
    try:
        yield sink
    finally:
        server.stop()
