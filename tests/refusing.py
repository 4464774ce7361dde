"""What every refusal on an HTTP face must look like."""

from typing import Any

import httpx

from running_country import Country, until


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document, once it is what it must be."""
    assert answer.status_code == status, answer.text
    return problem(answer.headers["content-type"], answer.json(), status, code)


def problem(content_type: str, told: dict[str, Any], status: int, code: str) -> dict[str, Any]:
    assert content_type == "application/problem+json"
    assert (told["status"], told["code"]) == (status, code), told
    assert told["type"].endswith(code)
    vi, en = told["tieu_de"], told["title"]
    assert vi != en
    assert vi.endswith(".")
    assert en.endswith(".")
    assert not vi.isascii()
    assert "Traceback" not in told["detail"]
    return told


def logged(country: Country, hop: str, code: str, path: str) -> None:
    """A line in the process's log tells of the refusal."""
    lines = lambda: [x for x in country.said(hop) if x.get("code") == code and x.get("path") == path]  # noqa: E731  asked again and again
    until(lines, f"a log line of {hop} about {code} at {path}")
