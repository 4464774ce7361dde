"""A gateway carries what most days need; what writes PDFs, renders them or makes tables comes when it is asked for."""

import json
import subprocess
import sys

import lienthong.signature

SELDOM = ("PIL", "typst", "docx", "pypdfium2", "alembic")
_LOADED = "import json, sys, lienthong.gateway.__main__; print(json.dumps(sorted(sys.modules)))"


def test_a_gateway_starts_without_what_it_seldom_needs() -> None:
    told = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True)
    assert set(SELDOM).isdisjoint(json.loads(told.stdout))


def test_every_name_of_signatures_is_there_when_asked_for() -> None:
    assert all(hasattr(lienthong.signature, name) for name in lienthong.signature.__all__)
    assert not hasattr(lienthong.signature, "unheard_of")
