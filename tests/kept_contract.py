"""Answers that were given, held to the published OpenAPI: each status is named there, each body has its schema."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import schemathesis
from schemathesis.core.failures import Failure, FailureGroup


@dataclass
class Heard:
    """Every answer of a client that is told of it (`hook`)."""

    answers: list[httpx.Response] = field(default_factory=list)

    def hook(self, answer: httpx.Response) -> None:
        asked = httpx.Request(answer.request.method, answer.request.url)
        headers = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
        copy = httpx.Response(answer.status_code, headers=headers, content=answer.read(), request=asked)
        copy.elapsed = timedelta()
        self.answers.append(copy)

    def breaches(self, published: dict[str, Any], url: str) -> list[str]:
        """What that face answered against its word."""
        operations = [found.ok() for found in schemathesis.openapi.from_dict(published).get_all_operations()]
        known = sorted(operations, key=lambda each: each.path.count("{"))
        here = [answer for answer in self.answers if str(answer.request.url).startswith(url)]
        return [breach for answer in here for breach in _breaches(known, answer)]


def _breaches(known: list[Any], answer: httpx.Response) -> Iterator[str]:
    line = f"{answer.request.method} {answer.request.url.path} {answer.status_code}"
    operation = next((each for each in known if _is(each, answer)), None)
    if operation is None:
        if answer.is_success:
            yield f"{line}: an address that is not published"
        return
    if str(answer.status_code) not in operation.definition.raw["responses"]:
        yield f"{line}: a status that is not published"
        return
    try:
        operation.validate_response(answer)
    except (Failure, FailureGroup) as failure:
        yield f"{line}: {failure}"


def _is(operation: Any, answer: httpx.Response) -> bool:
    pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(operation.path))
    path = answer.request.url.raw_path.decode().partition("?")[0]
    return operation.method.upper() == answer.request.method and bool(re.fullmatch(pattern, path))
