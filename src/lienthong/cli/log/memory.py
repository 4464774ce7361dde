"""What a monitor remembers of a log, and the files it keeps when a log lied."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from lienthong.adapters.files import write_whole
from lienthong.errors import ConfigurationInvalid
from lienthong.evidence import Frontier
from lienthong.evidence.watching import Alarm, Seen

STATE = "seen.json"


class Memory:
    """One folder a log, by its address."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder / sha256(url.encode()).hexdigest()[:16]
        self.folder.mkdir(parents=True, exist_ok=True)

    def recall(self) -> Seen | None:
        """What was seen last, or None. ConfigurationInvalid for a damaged file: never begin anew by accident."""
        path = self.folder / STATE
        return read_state(path) if path.exists() else None

    def keep(self, url: str, seen: Seen) -> None:
        """Durable on return."""
        told = {
            "url": url,
            "note": seen.note,
            "since": seen.since.astimezone(UTC).isoformat(),
            "size": seen.frontier.size,
            "hashes": [each.hex() for each in seen.frontier.hashes],
        }
        write_whole(self.folder / STATE, json.dumps(told, ensure_ascii=False, indent=1).encode())

    def convict(self, alarm: Alarm, now: datetime, files: dict[str, str]) -> Path:
        """Keep the evidence of a lie: what was seen, what was shown, the proof given. The same lie is kept once."""
        mark = sha256("\0".join([alarm.code, *files.values()]).encode()).hexdigest()[:12]
        place = self.folder / f"{alarm.code}-{mark}"
        if not place.exists():
            place.mkdir()
            for name, text in files.items():
                write_whole(place / name, text.encode())
            told = {"at": now.isoformat(), "code": alarm.code, "detail": alarm.detail, **asdict(alarm.words)}
            write_whole(place / "alarm.json", json.dumps(told, ensure_ascii=False, indent=1).encode())
        return place


def read_state(path: Path) -> Seen:
    """A monitor's state file. ConfigurationInvalid if it is none."""
    try:
        told = json.loads(path.read_text("utf-8"))
        frontier = Frontier(told["size"], tuple(bytes.fromhex(each) for each in told["hashes"]))
        return Seen(told["note"], datetime.fromisoformat(told["since"]), frontier)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error
