"""For every test: Hypothesis repeats itself exactly, and unit and property tests have no network."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket
from hypothesis import settings

CLOSED = tuple(Path(__file__).parent / room for room in ("unit", "property"))

settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))  # noqa: TID251  # chosen from outside, as pytest's are


@pytest.fixture(autouse=True)
def closed_sockets(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing but the socket pair of the event loop itself, which belongs to the Unix family."""
    if not any(request.path.is_relative_to(folder) for folder in CLOSED):
        yield
        return
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()
