"""A real IMAP server (Debian: dovecot-imapd) for one test: one user, TLS, its letters in a folder of the test's own."""

import grp
import imaplib
import ipaddress
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lienthong.cli.servers.ports import free_port
from running_country import until

USER, PASSWORD = "vanban", "mat-khau-hop-thu"
CONFIG = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
listen = 127.0.0.1
protocols = imap
ssl = required
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
auth_mechanisms = plain
mail_location = maildir:{base}/mail
default_internal_user = {me}
default_internal_group = {group}
default_login_user = {me}
first_valid_uid = 0
first_valid_gid = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/home
}}
"""


@dataclass(frozen=True)
class MailServer:
    """Running until its test is over."""

    base: Path
    port: int

    @property
    def url(self) -> str:
        return f"imaps://{USER}@127.0.0.1:{self.port}"

    @property
    def root(self) -> Path:
        return self.base / "cert.pem"

    @contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4_SSL]:
        context = ssl.create_default_context(cafile=self.root)
        box = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=context, timeout=20)
        box.login(USER, PASSWORD)
        try:
            yield box
        finally:
            box.logout()

    def put(self, *letters: bytes) -> None:
        """Letters that somebody has sent."""
        with self.signed_in() as box:
            for each in letters:
                assert box.append("INBOX", "", imaplib.Time2Internaldate(0.0), each)[0] == "OK"

    def count(self, folder: str = "INBOX") -> int:
        with self.signed_in() as box:
            kind, told = box.select(f'"{folder}"', readonly=True)
            return int(told[0]) if kind == "OK" else 0


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Started, and ended whatever the test does; never as root, which dovecot would not have."""
    with tempfile.TemporaryDirectory(prefix="lienthong-mail-") as made:
        base = Path(made)
        self_signed(base)
        (base / "home").mkdir()
        with _running(base, pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())) as server:
            yield server


@contextmanager
def _running(base: Path, me: pwd.struct_passwd) -> Iterator[MailServer]:
    port, group = free_port(), grp.getgrgid(me.pw_gid).gr_name
    told = CONFIG.format(
        base=base, port=port, me=me.pw_name, group=group, uid=me.pw_uid, gid=me.pw_gid, password=PASSWORD
    )
    (base / "dovecot.conf").write_text(told)
    if os.getuid() != me.pw_uid:
        for each in (base, *base.iterdir()):
            os.chown(each, me.pw_uid, me.pw_gid)
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")  # noqa: TID251  # where Debian puts it
    assert program is not None
    command = [program, "-F", "-c", str(base / "dovecot.conf")]
    process = subprocess.Popen(
        ["setpriv", f"--reuid={me.pw_uid}", f"--regid={me.pw_gid}", "--clear-groups", *command]
        if os.getuid() == 0
        else command
    )
    server = MailServer(base, port)
    try:
        _ready(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _ready(server: MailServer, process: "subprocess.Popen[bytes]") -> None:
    def answers() -> bool:
        said = server.base / "log"
        assert process.poll() is None, said.read_text() if said.exists() else "dovecot ended"
        try:
            with server.signed_in():
                return True
        except OSError:
            return False

    until(answers, "the mail server")


def self_signed(base: Path) -> None:
    """`cert.pem` and `key.pem` for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail of a test")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)  # noqa: TID251  # it has to be in force for a real server
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (base / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (base / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
