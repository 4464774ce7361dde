"""Where the examples find their gateway."""

import os
from pathlib import Path
from typing import Any


def place() -> dict[str, Any]:
    """What `Desk` and `AsyncDesk` ask for."""
    token = Path(os.environ["LIENTHONG_TOKEN_FILE"]).read_text("utf-8").strip()
    ca = os.environ.get("LIENTHONG_CA")
    return {"url": os.environ["LIENTHONG_GATEWAY"], "token": token, "ca": Path(ca) if ca else None}
