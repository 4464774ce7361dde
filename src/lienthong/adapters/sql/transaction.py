"""One batch: works run one after another over one transaction, each alone liable for its own errors."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import statements as s
from lienthong.adapters.sql.changes import Changes, write
from lienthong.adapters.sql.engine import broken
from lienthong.adapters.sql.view import SqlView
from lienthong.delivery.model import Leg, LegKey, Notice, Package, StatusReport, Step
from lienthong.delivery.trouble import Trouble
from lienthong.errors import InvalidValue
from lienthong.evidence import Event, leaf_hash

T = TypeVar("T")


class BatchSpoilt(Exception):
    """A value of some work in the batch cannot be written, and nobody can tell whose."""


class SqlTransaction(SqlView):
    """The `Transaction` port. Its changes wait in two layers, the batch's and the present work's.

    Most works end without having touched a table. One that must (it reads what waits, or needs an answer of the
    database) first writes the layers out, its own behind a savepoint.
    """

    def __init__(self, connection: sa.Connection, next_leaf: int) -> None:
        super().__init__(connection)
        self._next_leaf = next_leaf
        self.size = 0  # about how many bytes the works have added
        self._batch, self._own = Changes(), Changes()
        self._leaves: list[bytes] = []
        self._saved = False
        self._upserts = s.upserts(connection.dialect.name)
        self._fails_whole = connection.dialect.name != "sqlite"  # PostgreSQL: one error ends the transaction

    @property
    def leaves(self) -> Sequence[bytes]:
        """What the works recorded, in the order of its indexes."""
        return self._leaves

    def run(self, work: Callable[["SqlTransaction"], T]) -> T:
        """Run a work; what it raises has undone what it did."""
        recorded = len(self._leaves)
        try:
            result = work(self)
        except BaseException as error:
            if isinstance(error, BatchSpoilt) or broken(error):
                raise  # the transaction itself is gone, and nothing can be undone alone
            if isinstance(error, sa.exc.DBAPIError) and self._fails_whole and not self._saved:
                raise BatchSpoilt(str(error.orig)) from error
            self._undo(recorded)
            if isinstance(error, sa.exc.StatementError):
                raise InvalidValue(str(error.orig)) from error
            raise
        self._keep()
        return result

    def finish(self) -> None:
        """Write out what waits. BatchSpoilt if the database refuses a value."""
        try:
            self._batch.write(self._connection)
        except (sa.exc.StatementError, ValueError, OverflowError) as error:
            if broken(error):
                raise
            raise BatchSpoilt(str(error)) from error

    def _undo(self, recorded: int) -> None:
        del self._leaves[recorded:]
        self._own.clear()
        if self._saved:
            self._saved = False
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
            self._connection.exec_driver_sql("RELEASE SAVEPOINT work")

    def _keep(self) -> None:
        self.size += self._own.size()
        self._batch.absorb(self._own)
        self._own.clear()
        if self._saved:
            self._saved = False
            self._connection.exec_driver_sql("RELEASE SAVEPOINT work")

    def _settle(self) -> None:
        """Write both layers out, so that tables tell the truth."""
        if self._batch:
            self.finish()
        if self._own:
            self._save()
            self._own.write(self._connection)

    def _save(self) -> None:
        """Earlier works stand before the savepoint; `_settle` or an empty batch layer sees to that."""
        if not self._saved:
            self._connection.exec_driver_sql("SAVEPOINT work")
            self._saved = True

    def execute(self, statement: Any, values: Mapping[str, Any]) -> int:
        """A change of the store's own tables, undone with its work; the number of rows it touched."""
        return self._execute(statement, values)

    def _execute(self, statement: Any, values: Mapping[str, Any]) -> int:
        """A change that does not wait; returns the number of rows it touched."""
        self._settle()
        self._save()
        options = {"preserve_rowcount": True}  # an insert that returns its number would not count
        return int(self._connection.execute(statement, values, execution_options=options).rowcount)

    # ------------------------------------------------------------ reads

    def _rows(self, statement: s.Select, **values: Any) -> Sequence[Any]:
        self._settle()
        return super()._rows(statement, **values)

    def _rows_among(self, statement: s.Select, **values: Any) -> Sequence[Any]:
        self._settle()
        return super()._rows_among(statement, **values)

    def listing(self, search: Any) -> Any:
        self._settle()
        return super().listing(search)

    def troubles(self, wanted: Any) -> Any:
        self._settle()
        return super().troubles(wanted)

    def package(self, package_id: str) -> Package | None:
        waiting = self._batch.packages.get(package_id) or self._own.packages.get(package_id)
        return waiting or super().package(package_id)

    def known(self, packages: Collection[str]) -> frozenset[str]:
        waiting = {each for each in packages if each in self._own.packages or each in self._batch.packages}
        return super().known([each for each in packages if each not in waiting]) | waiting

    def leg(self, key: LegKey) -> Leg | None:
        return self._own.legs.get(key) or self._batch.legs.get(key) or super().leg(key)

    def mark(self, name: str) -> str:
        for layer in (self._own, self._batch):
            if name in layer.marks:
                return layer.marks[name]
        return super().mark(name)

    def marked(self, names: Collection[str]) -> frozenset[str]:
        waiting = {**self._batch.marks, **self._own.marks}
        found = frozenset(name for name in names if waiting.get(name))
        return super().marked([each for each in names if each not in waiting]) | found

    def content(self, sha256: str) -> bytes | None:
        for layer in (self._own, self._batch):
            if sha256 in layer.contents:
                return layer.contents[sha256]
        return super().content(sha256)

    # ------------------------------------------------------------ changes

    def add_package(self, package: Package, small: Mapping[str, bytes]) -> None:
        self._own.packages.setdefault(package.id, package)
        self._own.contents.update(small)

    def put_leg(self, leg: Leg) -> None:
        self._own.legs[leg.key] = leg

    def add_step(self, step: Step) -> None:
        self._own.steps.append(step)

    def add_status(self, report: StatusReport) -> bool:
        return self._execute(self._upserts.status, rows.status_values(report)) > 0

    def add_notice(self, notice: Notice) -> None:
        self._own.notices.append(notice)

    def drop_notices(self, to: str, up_to: int) -> None:
        self._execute(s.drop_notices, {"to_hop": to, "up_to": up_to})

    def set_mark(self, name: str, value: str) -> None:
        self._own.marks[name] = value

    def put_report(self, package_id: str, part: str, report: str) -> None:
        self._execute(self._upserts.report, {"package": package_id, "part": part, "report": report})
        self._execute(s.reported, {"of": package_id})

    def put_trouble(self, trouble: Trouble) -> None:
        self._execute(self._upserts.trouble, rows.trouble_values(trouble))

    def drop_trouble(self, key: str) -> None:
        self._execute(s.drop_trouble, {"of": key})

    def record(self, event: Event) -> int:
        self._leaves.append(event.to_leaf())
        return self._next_leaf + len(self._leaves) - 1

    def append(self, leaf: bytes) -> int:
        """Any other leaf of the log, at most 64 KiB; its index."""
        self._leaves.append(leaf)
        return self._next_leaf + len(self._leaves) - 1

    def write_rows(self, statement: Any, values: list[dict[str, Any]]) -> None:
        """Execute for many rows of the same columns, undone with their work."""
        self._settle()
        self._save()
        write(self._connection, statement, values)

    def settled(self) -> sa.Connection:
        """The connection, once all that waits is written: for jobs of the store itself."""
        self._settle()
        return self._connection

    def drop_contents(self, digests: Sequence[str]) -> None:
        """Forget small contents."""
        self._execute(s.drop_contents, {"digests": list(digests)})

    def keep_stamp(self, size: int, token: bytes) -> bool:
        """Keep the first stamp of a checkpoint; False if there is no such checkpoint."""
        return self._execute(s.keep_stamp, {"at_size": size, "token": token}) > 0


def hashes_of(leaves: Sequence[bytes]) -> list[bytes]:
    """Leaf hashes of the log."""
    return [leaf_hash(leaf) for leaf in leaves]
