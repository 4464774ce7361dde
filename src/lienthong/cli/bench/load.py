"""The load generator of `bench accept`, a process of its own: many submissions at a time over kept connections, each
of one package or of a group as gateways form them.

It reads its task as JSON from standard input and tells what it found as JSON. Tokens are made before the clock starts:
each gateway makes its own on its own machine, and here there is one machine for all.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPSConnection
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

import msgspec

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.clock import SystemClock, SystemLots
from lienthong.adapters.identity import Caller
from lienthong.adapters.keys import KeyPair
from lienthong.adapters.wire import GROUPS, Reply, problem, tls_context
from lienthong.cli.bench.packages import SENDER_GATEWAY, read_frames
from lienthong.cli.demo.build import Place
from lienthong.delivery import Accepted
from lienthong.delivery.together import groups
from lienthong.envelope import DEFAULT, group
from lienthong.errors import EvidenceBroken
from lienthong.evidence import ProofResult, Receipt, verify_receipt
from lienthong.seal import thumbprint

PATH = "/v1/packages"
GROUP_BYTES = DEFAULT.group_bytes // 2
VERIFIED = 5
"""So many receipts of a run are verified to the root, after the clock has stopped."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One submission, ready to go: of one package, or of so many in a group."""

    body: bytes
    token: str
    path: str
    packages: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how long it took, in seconds."""

    shot: Shot
    body: bytes
    seconds: float


def main() -> None:
    """`python -m lienthong.cli.bench.load`, with the task on standard input."""
    task = json.load(sys.stdin)
    place = Place.read(Path(task["folder"]))
    shots = _shots(place, read_frames(Path(task["frames"])), task["group"])
    spent = time.process_time()
    seconds, answers = _fire(place, shots, task["concurrency"])
    cpu = time.process_time() - spent
    _verify(place, [accepted for answer in answers for accepted in _accepted(answer)])
    latencies = [answer.seconds for answer in answers for _ in range(answer.shot.packages)]
    json.dump({"seconds": seconds, "cpu": cpu, "latencies": latencies}, sys.stdout)


def _shots(place: Place, frames: Sequence[bytes], many: int) -> list[Shot]:
    """Grouped by number and bytes as a gateway groups its queue; a single one goes as it always did."""
    folder = place.folder / SENDER_GATEWAY
    pair = KeyPair.load(folder / "hop.key", folder / "hop.pem")
    key = (folder / "hop.key").read_bytes()
    caller = Caller(SENDER_GATEWAY, key, thumbprint(pair.certificate), "axis", SystemClock(), SystemLots())
    return [_shot(caller, each) for each in groups(frames, len, lambda _: False, GROUP_BYTES, many)]


def _shot(caller: Caller, frames: Sequence[bytes]) -> Shot:
    body, path = (group(frames), GROUPS) if len(frames) > 1 else (frames[0], PATH)
    return Shot(body, caller.token("POST", path, body), path, len(frames))


def _fire(place: Place, shots: Sequence[Shot], concurrency: int) -> tuple[float, list[Answer]]:
    """A thread a connection and nothing between it and TLS: what the generator takes, the axis beside it has not."""
    lines = [_connected(place) for _ in range(concurrency)]
    waiting, answers = SimpleQueue[Shot](), list[Answer]()
    for shot in shots:
        waiting.put(shot)
    with ThreadPoolExecutor(concurrency) as workers:
        begun = time.perf_counter()
        done = [workers.submit(_work, line, waiting, answers) for line in lines]
        for each in done:
            each.result()
        return time.perf_counter() - begun, answers


def _connected(place: Place) -> HTTPSConnection:
    """An open connection: gateways keep theirs for hours. The refusal for want of a token is meant."""
    folder, axis = place.folder / SENDER_GATEWAY, urlsplit(place.url("axis"))
    context = tls_context(place.root, folder / "hop.pem", folder / "hop.key")
    line = HTTPSConnection(axis.hostname or "", axis.port, context=context)
    line.request("GET", "/v1/registry")
    line.getresponse().read()
    return line


def _work(line: HTTPSConnection, waiting: "SimpleQueue[Shot]", answers: list[Answer]) -> None:
    with suppress(Empty):
        while True:
            answers.append(_answered(line, waiting.get_nowait()))


def _answered(line: HTTPSConnection, shot: Shot) -> Answer:
    begun = time.perf_counter()
    line.request(
        "POST", shot.path, shot.body, {"Authorization": f"Bearer {shot.token}", "Package-Count": str(shot.packages)}
    )
    answer = line.getresponse()
    body = answer.read()
    if answer.status not in {200, 201}:
        raise problem(answer.status, body)
    return Answer(shot, body, time.perf_counter() - begun)


def _accepted(answer: Answer) -> Iterator[Accepted]:
    """The yes for each package of a request. Raises what any of them was refused with."""
    if answer.shot.path == PATH:
        yield msgspec.json.decode(answer.body, type=Accepted)
        return
    for each in map(Reply.answer, msgspec.json.decode(answer.body, type=list[Reply])):
        if isinstance(each, Exception):
            raise each
        yield each


def _verify(place: Place, accepted: Sequence[Accepted]) -> None:
    roots = root_certificates(place.root)
    for each in accepted[:: max(len(accepted) // VERIFIED, 1)]:
        receipt = Receipt.from_json(each.receipt)
        proof = verify_receipt(receipt, None, roots, datetime.now(UTC))
        if proof.result is not ProofResult.PROVED:
            raise EvidenceBroken("; ".join(finding.en for finding in proof.findings))


if __name__ == "__main__":
    main()
