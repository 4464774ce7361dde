"""Whatever a file does, it is answered in words, in bounded time, and never called intact and unchanged."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

import hostile_pdfs
from lienthong.adapters.confined import Examiner, Limits
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.model import Facts
from unit.signature import signed_files
from unit.signature.documents import sealed, signed

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    with Examiner(Limits(cpu_seconds=20, seconds=60)) as made:
        yield made


def unchanged(facts: Facts) -> list[bool]:
    """Which signatures one might call good."""
    return [
        item.intact is True and item.coverage != "unclear" and item.modification != "other" and item.permitted
        for item in facts.signatures
    ]


@pytest.mark.parametrize(
    "made", [sealed, signed_files.as_agencies_sign, signed_files.old, signed_files.bare, signed_files.long_term]
)
def test_a_child_finds_what_we_find(examiner: Examiner, made: Callable[[], bytes]):
    assert examiner.examine(made()) == gather(made())


@pytest.mark.parametrize("name", hostile_pdfs.FILES)
def test_hostile_files(examiner: Examiner, name: str):
    facts = examiner.examine(hostile_pdfs.FILES[name]())
    assert not any(unchanged(facts))
    assert facts.encrypted is (name == "encrypted")


@pytest.mark.parametrize("name", hostile_pdfs.CHANGES)
def test_changes_after_signing(examiner: Examiner, name: str):
    facts = examiner.examine(hostile_pdfs.incremental(sealed(), hostile_pdfs.CHANGES[name]))
    assert [item.intact for item in facts.signatures] == [True, True]
    # The seal's look belongs to a field that was empty when the leader signed: filling it is allowed from there.
    assert unchanged(facts) == [name == "appearance", False]
    assert facts.signatures[1].modification == "other"


@pytest.mark.parametrize("name", hostile_pdfs.ranges(sealed()))
def test_games_with_byte_ranges(examiner: Examiner, name: str):
    facts = examiner.examine(hostile_pdfs.ranges(sealed())[name])
    assert len(facts.signatures) == 2
    assert unchanged(facts)[1] is False


def test_text_in_the_gap(examiner: Examiner):
    facts = examiner.examine(hostile_pdfs.hidden_in_the_gap(signed()))
    assert unchanged(facts) == [False]


def test_scripts_are_named(examiner: Examiner):
    assert examiner.examine(hostile_pdfs.javascript()).active == ("JavaScript", "Launch")


def test_a_bomb_takes_only_its_limits(examiner: Examiner):
    facts = examiner.examine(hostile_pdfs.bomb())
    assert facts.signatures == ()
    assert examiner.examine(sealed()) == gather(sealed())


def test_too_large_is_said(examiner: Examiner):
    small = Examiner(Limits(largest=100))
    assert "larger than" in small.examine(sealed()).readable
    small.close()


async def test_a_killed_child_is_replaced(examiner: Examiner):
    examiner.examine(sealed())
    for pid in examiner.pids():
        os.kill(pid, signal.SIGKILL)
    found = await asyncio.gather(*(examiner.examining(sealed()) for _ in range(4)))
    assert found == [gather(sealed())] * 4


def test_a_hanging_child_is_ended_and_others_go_on():
    with Examiner(Limits(children=1, seconds=2)) as one:
        assert one.examine(sealed()).readable == ""
        (pid,) = one.pids()
        os.kill(pid, signal.SIGSTOP)
        assert one.examine(sealed()).readable == "it took longer than 2 seconds"
        assert one.pids() != (pid,)


def test_a_child_has_no_secrets_no_network_and_is_recycled(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIENTHONG_SECRET", "s3cret")
    with Examiner(Limits(children=1, files=2)) as one:
        one.examine(b"words")
        (pid,) = one.pids()
        assert b"s3cret" not in _environment(pid)
        one.examine(b"words")
        assert one.pids() != (pid,)


def _environment(pid: int) -> bytes:
    """Empty when the kernel does not show it: a child keeps others from looking into it."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except PermissionError:
        return b""


def _copied_field(writer: IncrementalPdfFileWriter) -> None:
    """A second field of the same name with the same signature."""
    listed = writer.root["/AcroForm"]["/Fields"]
    listed.append(writer.add_object(generic.DictionaryObject(listed[0].get_object())))
    writer.update_container(listed)


def test_a_field_twice_is_named_and_spoils_what_was_signed(examiner: Examiner):
    facts = examiner.examine(hostile_pdfs.incremental(sealed(), _copied_field))
    assert [name.split(":")[0] for name in facts.odd if name.startswith("double")] == ["double-field"]
    assert not any(unchanged(facts))


def test_bytes_behind_the_end_are_named(examiner: Examiner):
    assert "tail" in examiner.examine(sealed() + b"\n1 0 obj (more) endobj").odd
    end = sealed()[sealed().rindex(b"startxref") :]
    assert "ends" in examiner.examine(sealed() + b"\n" + end).odd


def test_a_signature_wrapped_into_another_file(examiner: Examiner):
    """The signed bytes stand first, a file of another making follows and points back to the signature."""
    other = hostile_pdfs.incremental(sealed(), hostile_pdfs.CHANGES["pages"])
    wrapped = other + other[len(sealed()) :]
    assert not any(unchanged(examiner.examine(wrapped)))


def test_a_certified_document_takes_nothing_but_its_seal(examiner: Examiner):
    facts = examiner.examine(hostile_pdfs.incremental(signed(), hostile_pdfs.CHANGES["annotate"]))
    (item,) = facts.signatures
    assert (item.certified, item.permissions, item.intact, item.permitted) == (True, 2, True, False)


LONG = hostile_pdfs.made(b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [" + b"1 " * 3_000_000 + b"] >> >>")
"""Small on paper, long to read and large in memory."""


def test_processor_time_is_bounded():
    with Examiner(Limits(cpu_seconds=1, seconds=120, children=1)) as one:
        assert one.examine(LONG).readable == "it took more than 1 seconds of processor time"
        assert one.examine(signed()).readable == ""


def test_memory_is_bounded():
    with Examiner(Limits(cpu_seconds=60, seconds=120, memory=96 << 20, children=1)) as one:
        assert one.examine(LONG).readable
        assert one.examine(signed()).signatures[0].intact is True
