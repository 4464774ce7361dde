"""A process is killed while it writes: whatever it had answered is there, whole and proved (design §4)."""

import os
import signal
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest

from lienthong.adapters.sql import SqlStore
from lienthong.evidence import ProofResult, verify_receipt
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import pki
from store_world import accept, package

pytestmark = pytest.mark.faults
HERE = Path(__file__).parent


@pytest.mark.parametrize("lines", [1, 40, 300])
async def test_what_was_answered_is_there(tmp_path: Path, lines: int) -> None:
    root, answered = killed_after(tmp_path, lines)
    assert len(answered) >= lines
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        for index, package_id in answered:
            found = await store.read(lambda view, package_id=package_id: view.package(package_id))
            assert found is not None
            assert found.index == index
            receipt = await store.receipt(index)
            assert receipt.event.package == package_id
            assert verify_receipt(receipt, None, [root]).result is ProofResult.PROVED
        size = len(await store.leaves(0, 100_000))
        assert await store.write(accept(package("after the crash"))) == size


def killed_after(folder: Path, lines: int) -> tuple[bytes, list[tuple[int, str]]]:
    """The root of the dead process's own certificates, and the writes it had told of."""
    paths = os.pathsep.join([str(HERE.parent), str(HERE.parent.parent / "src")])
    command = [sys.executable, str(HERE / "killed_writer.py"), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": paths}) as process:
        assert process.stdout is not None
        root = process.stdout.readline()
        told = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        told += [line for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    pairs = (line.split() for line in told)
    return b64decode(root), [(int(index), package_id) for index, package_id in pairs]
