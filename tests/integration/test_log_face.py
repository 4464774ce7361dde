"""The log as it is served: read whole by the second verifier, held to its addresses, cached for ever."""

import httpx
import pytest

from lienthong.cli.log.reading import ServedLog
from log_made import URL, Made, happening, through
from second_verifier import Audit, consistent, open_note, vkey

pytestmark = pytest.mark.integration
SIZES = (1, 255, 256, 257, 700)


@pytest.mark.parametrize("size", SIZES)
async def test_a_second_verifier_reads_the_whole_log(size: int) -> None:
    made = Made()
    notes = []
    for start in range(0, size, 100):
        await made.grow([happening(number) for number in range(start, min(start + 100, size))])
        notes.append(await made.store.checkpoint())
    receipts = [(await made.store.receipt(index)).to_json() for index in {0, size // 2, size - 1}]
    with made.served() as client:
        audit = Audit(vkey(str(made.key))).read(lambda path: fetch(client, path)).against(notes)
        for receipt in receipts:
            audit.holds(receipt)
    assert audit.lies == []
    assert len(audit.leaves) == size


def fetch(client: httpx.Client, path: str) -> bytes | None:
    answer = client.get(f"/log/{path}")
    return answer.content if answer.status_code == 200 else None


async def test_proofs_of_consistency_join_every_two_checkpoints() -> None:
    made = Made()
    points = []
    for number in range(9):
        await made.grow([happening(number)])
        points.append(open_note(await made.store.checkpoint(), vkey(str(made.key))))
    with made.served() as client, ServedLog(URL, through(client)) as log:
        for old in points:
            for new in points[old.size - 1 :]:
                assert consistent(old.size, new.size, log.consistency(old.size, new.size), old.root, new.root)


async def test_what_cannot_change_is_cached_for_ever_and_the_rest_never() -> None:
    made = Made()
    await made.grow([happening(number) for number in range(300)])
    with made.served() as client:
        for path in ("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "consistency/7/300"):
            assert "immutable" in client.get(f"/log/{path}").headers["cache-control"], path
        assert client.get("/log/checkpoint").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/x000/000",
        "tile/64/000",
        "tile/00/000",
        "tile/entries/0000",
        "tile/-1/000",
        "tile/0/000.p/301",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/data/000",
        "tile/0/001.p/45",
        "tile/entries/001.p/45",
        "consistency/5/301",
        "consistency/6/5",
        "consistency/-1/5",
    ],
)
async def test_an_address_that_names_nothing(path: str) -> None:
    made = Made()
    await made.grow([happening(number) for number in range(300)])
    with made.served() as client:
        answer = client.get(f"/log/{path}")
    assert answer.status_code in {400, 404}
    assert answer.json()["tieu_de"]


async def test_an_empty_log_has_no_checkpoint() -> None:
    with Made().served() as client:
        assert [client.get(f"/log/{path}").status_code for path in ("checkpoint", "stamp", "tile/0/000")] == [404] * 3
