"""The child that looks at hostile files: no environment, no network, no files, little time and memory.

It asks for nothing and answers one question after the other on its standard streams. What it needs is loaded before the
limits fall; afterwards it cannot open anything. `Examiner` is its only caller.
"""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import replace
from importlib import import_module
from typing import BinaryIO

from lienthong.adapters.confined_binding import bound, samples
from lienthong.adapters.confined_drawing import drawn
from lienthong.adapters.confined_frames import HEAD, READY, Ask
from lienthong.signature.facts.encoding import encode
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.looks import looks as seen
from lienthong.signature.facts.model import Facts

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # linux/sched.h
_NO_NEW_PRIVILEGES, _DUMPABLE = 38, 4  # linux/prctl.h
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "open", "ctypes.dlopen")
_LATE = (
    "cryptography.hazmat.backends.openssl.backend",  # for keys on curves
    "_strptime",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.utf_16_be",
    "encodings.utf_16_le",
    "gzip",
    "lxml.etree",
    "pyhanko.pdf_utils.crypt",
    "pyhanko.pdf_utils.filters",
    "pyhanko.pdf_utils.metadata.xmp_xml",
    "PIL.ImageFile",
    "PIL.MpoImagePlugin",
)
_SMALL = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 2 >>\nstartxref\n0\n%%EOF\n"
_PAGE = _SMALL.replace(b"/Catalog", b"/Catalog /Pages 2 0 R").replace(
    b"trailer",
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\ntrailer",
)


def main(cpu_seconds: int, memory: int) -> None:
    """Answer until the parent closes the stream."""
    questions, answers = _streams()
    _warm()
    _cut_off_network()
    _limit(memory)
    sys.addaudithook(_refuse)
    answers.write(READY)
    answers.flush()
    while _answer(questions, answers, cpu_seconds):
        pass


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Ours alone: whatever a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return sys.stdin.buffer, answers


def _warm() -> None:
    """What pyHanko, Python and cryptography load at first use is loaded now; nothing can be opened later."""
    for module in _LATE:
        import_module(module)
    gather(_SMALL)
    seen(_SMALL)
    drawn(_PAGE, 0)
    for picture in samples():
        bound(picture)


def _cut_off_network() -> None:
    """A network namespace of its own where the kernel permits one; sockets are refused in any case."""
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    library.prctl(_DUMPABLE, 0, 0, 0, 0)
    library.unshare(_NEW_USER | _NEW_NET)


def _limit(memory: int) -> None:
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - Linux's own file
        used = int(file.read().split()[0]) * resource.getpagesize()
    for kind, most in (
        (resource.RLIMIT_AS, used + memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 8),
        (resource.RLIMIT_STACK, 64 << 20),
    ):
        resource.setrlimit(kind, (most, most))


def _refuse(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _answer(questions: BinaryIO, answers: BinaryIO, cpu_seconds: int) -> bool:
    head = questions.read(HEAD.size)
    if len(head) < HEAD.size:
        return False
    wanted, page, size = HEAD.unpack(head)
    file = questions.read(size)
    _allow(cpu_seconds)
    answer = _worked(Ask(wanted), file, page)
    answers.write(HEAD.pack(0, 0, len(answer)) + answer)
    answers.flush()
    return True


def _worked(wanted: Ask, file: bytes, page: int) -> bytes:
    if wanted is Ask.PICTURE:
        return drawn(file, page)
    if wanted is Ask.BOUND:
        return bound(file)
    return encode(_examined(file, looks=wanted is Ask.LOOKS))


def _allow(seconds: int) -> None:
    """So much processor time for this file; the kernel ends the process beyond it."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    until = int(spent.ru_utime + spent.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _examined(pdf: bytes, *, looks: bool) -> Facts:
    facts = gather(pdf)
    return replace(facts, looks=seen(pdf)) if looks and not facts.encrypted else facts
