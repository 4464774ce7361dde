"""What a button of a form answers."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Outcome:
    """After a button: problems by field, or a sentence and an address."""

    problems: dict[str, str] = field(default_factory=dict)
    said: str = ""
    address: str = ""
    anchor: str = ""
    stay: bool = False
