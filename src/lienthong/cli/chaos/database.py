"""Two PostgreSQL servers, one the synchronous standby of the other, and a database in them for every hop."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from lienthong.cli.servers.postgres import Postgres


@dataclass
class Database:
    """The pair; `main` is the one that is written to."""

    main: Postgres
    standby: Postgres

    def url(self, hop: str) -> str:
        """A hop's database, wherever it is just now written to: the client library tries both servers."""
        return self.main.url_of(_name(hop), self.standby)

    def kill(self) -> None:
        """The main server and all its processes die."""
        self.main.kill()

    def start(self) -> None:
        """It comes back."""
        self.main.start()

    def fail_over(self) -> None:
        """It does not come back; the standby, which has every commit that was answered, takes its place."""
        self.main, self.standby = self.standby, self.main
        self.main.promote()


@contextmanager
def database(hops: Sequence[str]) -> Iterator[Database]:
    """Both servers, until the block ends."""
    with Postgres.running() as first:
        for hop in hops:
            first.new_database(_name(hop))
        with first.standby() as second:
            yield Database(first, second)


def _name(hop: str) -> str:
    return hop.replace("-", "_")
