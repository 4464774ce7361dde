"""Securing proofs on twins: the way it goes, decades, and everything that goes wrong on the way."""

import hashlib
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from lasting_desk import MAIN, Desk, ends_in
from lasting_made import tsa
from lienthong.errors import NotFound, ProofPending, StorageFull, Unavailable
from lienthong.evidence import ProofResult
from lienthong.gateway.lasting import securing as service
from lienthong.gateway.lasting.foresight import foresee
from lienthong.gateway.lasting.gathering import gathered
from lienthong.signature.facts.gather import gather
from lienthong.signature.lasting import read_record
from lienthong.signature.lasting.keeping import Kind, State
from lienthong.testing.faults import Fault, Script, faulty
from lienthong.testing.lasting import MemoryLedger
from lienthong.testing.mishaps import Crash, Mishap, befallen
from lienthong.testing.mishaps import Script as Fate
from unit.signature.documents import composed, sealed


@pytest.fixture
def desk() -> Desk:
    return Desk()


# ---------------------------------------------------------------- the way it goes


async def test_what_is_received_is_secured_and_the_bundle_proves_it(desk: Desk):
    of = await desk.receive()
    await desk.round()
    bundle = await desk.bundle(of)
    proof = desk.verified(bundle)
    assert proof.result is ProofResult.PROVED, [f for f in proof.findings if f.ok is not True]
    assert bundle.files[f"files/{MAIN}"] == sealed()  # not a byte was touched
    assert proof.found("report") is True  # signed by the gateway
    folders = {name.split("/")[0] for name in bundle.files}
    wanted = {"README.txt", "files", "envelope", "facts", "reports", "certificates", "revocation", "stamps", "proof"}
    assert folders == wanted
    named = read_record(bundle.files["proof/1/record.txt"]).digests
    assert {name.split("/")[0] for name in named} == wanted - {"README.txt", "stamps", "proof"}


async def test_it_is_done_once_however_often_it_is_run(desk: Desk):
    of = await desk.receive()
    await desk.round()
    before = (await desk.bundle(of)).files
    for _ in range(3):
        desk.move(hours=2)
        await desk.round()
    assert (await desk.bundle(of)).files == before
    assert desk.tsa.asked == 1


async def test_an_hour_s_documents_share_a_tree_and_a_stamp(desk: Desk):
    first = await desk.receive("a")
    await desk.round()
    others = [await desk.receive(name, composed().pdf) for name in ("b", "c")]
    await desk.round()  # the hour is not over
    with pytest.raises(ProofPending):
        await desk.bundle(others[0])
    desk.move(hours=1)
    await desk.round()
    entries = [await desk.entry(of) for of in (first, *others)]
    assert [entry.tree for entry in entries] == [1, 2, 2]
    assert desk.tsa.asked == 2


async def test_every_authority_stamps_and_one_that_was_away_catches_up(desk: Desk):
    desk.service = replace(desk.service, authorities={"a": desk.tsa, "b": desk.second})
    desk.tsa.away = True
    of = await desk.receive()
    await desk.round()
    assert "unavailable" in desk.service.trouble["a"]
    assert desk.verified(await desk.bundle(of)).result is ProofResult.PROVED
    desk.tsa.away = False
    await desk.round()
    assert not desk.service.trouble
    _, stamps = await desk.service.ledger.tree(1)
    assert [each.authority for each in stamps] == ["a", "b"]


async def test_own_documents_get_a_copy_at_b_lta_and_what_was_sent_stays(desk: Desk):
    of = await desk.receive(own=True)
    await desk.round()
    bundle = await desk.bundle(of)
    raised = bundle.files[f"long-term/1/{MAIN}"]
    assert bundle.files[f"files/{MAIN}"] == sealed()
    assert raised.startswith(sealed())
    assert len(gather(raised).document_stamps) == 1
    report = await desk.service.court.judged(gather(raised))
    assert {told.level for told in report.signatures} == {"B-LTA"}
    proof = desk.verified(bundle)
    assert (proof.result, proof.found("long-term")) == (ProofResult.PROVED, True)
    assert f"long-term/1/{MAIN}" not in {member.name for member in (await desk.entry(await other(desk))).members}


async def other(desk: Desk) -> str:
    """A received document is not raised."""
    of = await desk.receive("other")
    await desk.round()
    return of


async def test_a_document_of_nobody_is_not_there(desk: Desk):
    with pytest.raises(NotFound):
        await desk.bundle("0" * 32)


# ---------------------------------------------------------------- decades


async def test_stamps_are_renewed_in_time_again_and_again(desk: Desk):
    of = await desk.receive()
    await desk.round()
    for year, days in ((3, 3.7 * 365), (5, 2 * 365), (7, 2 * 365)):
        desk.move(days=days)
        desk.tsa.by = tsa(year, 3)
        assert await desk.night() > 0
        assert await desk.night() == 0  # nothing more to gain
    proof = desk.verified(await desk.bundle(of))
    assert proof.result is ProofResult.PROVED, [f for f in proof.findings if f.ok is not True]
    assert len((await desk.bundle(of)).links()) == 4


async def test_a_hash_that_ends_is_replaced_and_everything_hashed_anew(desk: Desk):
    of = await desk.receive()
    await desk.round()
    desk.move(days=730)
    desk.tsa.by = replace(tsa(1, 9), digest="sha512")
    desk.reading(ends_in(2029))
    assert await desk.night() > 0
    desk.move(hours=1)
    await desk.round()
    entry = await desk.entry(of, 1)
    assert (entry.round, entry.algorithm, entry.state) == (1, "sha512", State.PLANTED)
    desk.move(days=1500)
    bundle = await desk.bundle(of)
    proof = desk.verified(bundle)
    assert proof.result is ProofResult.PROVED, [f for f in proof.findings if f.ok is not True]
    assert hashlib.sha512(sealed()).hexdigest().encode() in bundle.files["proof/2/record.txt"]


async def test_a_raised_file_gets_a_stamp_on_top_before_its_own_ends(desk: Desk):
    of = await desk.receive(own=True)
    await desk.round()
    desk.move(days=3.7 * 365)
    desk.tsa.by = tsa(3, 6)
    assert await desk.night() > 0
    desk.move(hours=1)
    await desk.round()
    bundle = await desk.bundle(of)
    first, second = (bundle.files[f"long-term/{number}/{MAIN}"] for number in (1, 2))
    assert second.startswith(first)
    assert len(gather(second).document_stamps) == 2
    desk.move(days=3 * 365)
    proof = desk.verified(await desk.bundle(of))
    assert proof.result is ProofResult.PROVED, [f for f in proof.findings if f.ok is not True]


async def test_nothing_is_renewed_that_would_gain_nothing(desk: Desk):
    """An authority whose own certificate ends: no loop of trees over trees, but a concern for people."""
    await desk.receive()
    await desk.round()
    desk.move(days=3.8 * 365)
    assert await desk.night() == 0
    assert [concern.code for concern in (await foresee(desk.service)).concerns] == ["ending"]
    assert (await desk.service.ledger.standing()).waiting == 0


async def test_contents_that_went_by_policy_leave_the_proof(desk: Desk):
    of = await desk.receive()
    await desk.round()
    desk.documents[of] = {}
    desk.store.disk.state.contents.clear()  # as retention does
    bundle = await desk.bundle(of)
    assert f"files/{MAIN}" not in bundle.files
    assert f"reports/{MAIN}.jws" in bundle.files
    proof = desk.verified(bundle)
    assert proof.result is ProofResult.CANNOT_TELL
    assert proof.found("signature") is True  # by the facts that were kept
    digests = {"văn bản": hashlib.sha256(sealed()).hexdigest(), "message.edxml": hashlib.sha256(b"a").hexdigest()}
    assert desk.verified(bundle, **digests).result is ProofResult.PROVED


# ---------------------------------------------------------------- what goes wrong


async def test_an_authority_that_is_away_holds_nothing_back_but_the_stamp(desk: Desk):
    desk.tsa.away = True
    of = await desk.receive()
    await desk.round()
    with pytest.raises(ProofPending):
        await desk.bundle(of)
    desk.move(hours=25)
    codes = [concern.code for concern in (await foresee(desk.service)).concerns]
    assert codes == ["unsecured", "authority"]
    desk.tsa.away = False
    await desk.round()
    assert desk.verified(await desk.bundle(of)).result is ProofResult.PROVED
    assert not (await foresee(desk.service)).concerns


@pytest.mark.parametrize("lie", ["another digest", "another time", "a stranger"])
async def test_a_lying_authority_is_not_believed(desk: Desk, lie: str):
    desk.tsa.false = lie == "another digest"
    desk.tsa.slow = timedelta(minutes=6 if lie == "another time" else 0)
    if lie == "a stranger":
        from unit.signature.test_levels import desk as stranger  # noqa: PLC0415  # under a root of its own

        roots = desk.service.court.trust.roots[1:]
        desk.service = replace(desk.service, court=replace_trust(desk, roots))
        desk.tsa.by = stranger()
    of = await desk.receive(pdf=composed().pdf)
    await desk.round()
    with pytest.raises(ProofPending):
        await desk.bundle(of)
    code = {"another time": "clock-skewed"}.get(lie, "evidence-broken")
    assert desk.service.trouble["a"].startswith(code)
    assert (await foresee(desk.service)).standing.unstamped == 1


def replace_trust(desk: Desk, roots: tuple[bytes, ...]) -> object:
    court = desk.service.court
    court.trust = replace(court.trust, roots=roots)
    return court


async def test_a_clock_that_jumped_is_told_and_nothing_false_is_stamped(desk: Desk):
    of = await desk.receive()
    desk.tsa.slow = timedelta(hours=12)  # seen from here: ours went ahead
    await desk.round()
    assert desk.service.trouble["a"].startswith("clock-skewed")
    desk.tsa.slow = timedelta(0)
    desk.move(hours=-12)
    await desk.round()  # back in time: the tree of the future does not hold the next one up
    assert (await desk.entry(of)).state is State.PLANTED
    later = await desk.receive("b", composed().pdf)
    await desk.round()
    assert (await desk.entry(later)).tree == 2


async def test_a_silent_certificate_authority_is_waited_for_then_the_proof_says_what_it_lacks(desk: Desk):
    desk.sources.silent = True
    of = await desk.receive()
    await desk.round()
    entry = await desk.entry(of)
    assert (entry.state, entry.code) == (State.WAITING, "unavailable")
    assert [concern.of for concern in (await foresee(desk.service)).concerns] == [of]
    desk.move(hours=13)
    await desk.round()
    entry = await desk.entry(of)
    assert (entry.state, entry.lacks) == (State.PLANTED, "revocation-unknown")
    told = [(each.code, each.of) for each in (await foresee(desk.service)).concerns]
    assert told == [("lacking", "revocation-unknown")]
    assert desk.verified(await desk.bundle(of)).result is ProofResult.CANNOT_TELL


async def test_a_file_that_was_damaged_before_it_was_secured_is_said_so(desk: Desk):
    of = await desk.receive()
    kept = desk.documents[of]
    files = desk.files

    async def damaged(package: object) -> list:
        return [(name, replace(source, held=b"%PDF-1.7 broken")) for name, source in await files(package)]

    desk.service = replace(desk.service, files=damaged)
    await desk.round()
    entry = await desk.entry(of)
    assert (entry.state, entry.code) == (State.WAITING, "evidence-broken")
    assert "bị hỏng" in entry.detail
    desk.service = replace(desk.service, files=files)  # restored from a backup
    assert kept
    desk.move(hours=1)
    await desk.round()
    assert desk.verified(await desk.bundle(of)).result is ProofResult.PROVED


async def test_a_proof_that_is_damaged_on_disk_is_found_and_told(desk: Desk):
    of = await desk.receive()
    await desk.round()
    member = next(each for each in (await desk.entry(of)).members if each.name.startswith("reports/"))
    objects = desk.hop.objects
    whole = objects.kept[member.sha256]
    objects.kept[member.sha256] = whole + b"x"
    await service.audit(desk.service, [each.sha256 for each in (await desk.entry(of)).members if each.held])
    assert [(each.code, each.of) for each in (await foresee(desk.service)).concerns] == [("damaged", member.sha256)]
    bundle = await desk.bundle(of)
    assert f"{member.name} (evidence-broken)" in bundle.files["README.txt"].decode()
    assert desk.verified(bundle).result is ProofResult.CANNOT_TELL
    objects.kept[member.sha256] = whole
    await service.audit(desk.service, [member.sha256])
    assert desk.verified(await desk.bundle(of)).result is ProofResult.PROVED


async def test_a_full_object_store_loses_nothing(desk: Desk):
    of = await desk.receive()
    objects = desk.hop.objects
    full = faulty(objects, Script(keep=[Fault.BEFORE]), error=StorageFull)
    desk.service = replace(desk.service, hop=replace(desk.hop, objects=full))
    await desk.round()
    assert (await desk.entry(of)).code == "storage-full"
    desk.move(minutes=1)
    await desk.round()
    assert desk.verified(await desk.bundle(of)).result is ProofResult.PROVED


async def test_one_that_always_fails_holds_up_no_other(desk: Desk):
    bad = await desk.receive("bad")
    of = await desk.receive("good")

    async def work(lasting: object, entry: object) -> object:
        if entry.of == bad:
            raise ZeroDivisionError
        return await gathered(lasting, entry)

    await service.enrol(desk.service)
    await service.gather(desk.service, work)
    assert (await desk.entry(bad)).code == "internal-error"
    assert (await desk.entry(of)).state is State.GATHERED


STEPS = [
    ("enrol", "ledger"),
    ("gathered", "ledger"),
    ("plant", "ledger"),
    ("keep_stamp", "ledger"),
    ("keep", "objects"),
]


@pytest.mark.parametrize("mishap", [Mishap.CRASH_BEFORE, Mishap.CRASH_AFTER, Mishap.AFTER, Mishap.BEFORE, Mishap.TWICE])
@pytest.mark.parametrize(("step", "port"), STEPS)
async def test_a_death_at_any_step_loses_nothing_and_repeats_nothing(step: str, port: str, mishap: Mishap):
    """Also in the night of a renewal. What is in the bundle afterwards is there once."""
    ledger = MemoryLedger()
    desk = Desk(ledger)
    of = await desk.receive()
    whole = desk.service
    for night in (False, True):
        fate = Fate(**{step: [mishap]})
        hop = replace(desk.hop, objects=befallen("objects", desk.hop.objects, fate))
        changes = {"ledger": befallen("ledger", ledger, fate)} if port == "ledger" else {"hop": hop}
        desk.service = replace(whole, **changes)
        for _ in range(4):
            with suppress(Crash, Unavailable):  # the job comes again
                await (desk.night() if night else desk.round())
            desk.move(hours=1)
        desk.service = whole
        proof = desk.verified(await desk.bundle(of))
        assert proof.result is ProofResult.PROVED, [f for f in proof.findings if f.ok is not True]
        desk.move(days=3.6 * 365)
        desk.tsa.by = tsa(3, 6)
    assert len(await ledger.entries(Kind.TREE, "1")) == 1
    assert (await ledger.standing()).waiting == 0
