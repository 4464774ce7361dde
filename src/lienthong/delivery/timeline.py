"""Timelines without repeats: the same fact may reach a hop by several ways, and more than once."""

from lienthong.delivery.model import Step
from lienthong.delivery.ports import Transaction

_Fact = tuple[object, ...]


class Timeline:
    """Appends steps within one transaction, each fact once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._known: dict[str, set[_Fact]] = {}

    def add(self, step: Step) -> None:
        """Append unless the same hop already told the same, code included, of the same addressee at the same moment."""
        known = self._facts(step.package)
        if (fact := _fact(step)) not in known:
            known.add(fact)
            self._tx.add_step(step)

    def _facts(self, package_id: str) -> set[_Fact]:
        if package_id not in self._known:
            self._known[package_id] = {_fact(step) for step in self._tx.steps(package_id)}
        return self._known[package_id]


def _fact(step: Step) -> _Fact:
    return (step.lane, step.at, step.hop, str(step.kind), step.addressee, step.code)
