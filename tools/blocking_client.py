"""Makes the blocking client of the asynchronous one: `python tools/blocking_client.py`, or `--check` to compare only.

One source: `src/lienthong/client/aio`. Only words are replaced, so that both read alike, line by line.
"""

import re
import subprocess
import sys
from pathlib import Path

CLIENT = Path(__file__).parents[1] / "src" / "lienthong" / "client"
BY_HAND = {"__init__.py", "aside.py"}
"""What differs in more than words, or names what is exported."""
WORDS = [
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAwaitable\[((?:[^\[\]]|\[[^\]]*\])*)\]", r"\1"),
    (r"\bAwaitable, |, Awaitable\b", ""),
    (r"\b__a(enter|exit|iter|next)__\b", r"__\1__"),
    (r"\baclose\b", "close"),
    (r"\baiter_lines\b", "iter_lines"),
    (r"\bAsyncByteStream\b", "SyncByteStream"),
    (r"\bAsync([A-Z])", r"\1"),
    (r"\bfor (\w+) in ([\w.]+):\n +yield \1\n", r"yield from \2\n"),
    (r"\blienthong\.client\.aio\b", "lienthong.client"),
]


def blocking(source: Path) -> str:
    """The blocking text of an asynchronous module."""
    text = source.read_text("utf-8")
    for word, plain in WORDS:
        text = re.sub(word, plain, text)
    made = f"# Made from aio/{source.name} by tools/blocking_client.py: change that one.\n{text}"
    ruff = [Path(sys.executable).with_name("ruff"), "--quiet"]
    sorting = [ruff[0], "check", "--quiet", "--select", "I", "--fix", "--stdin-filename", CLIENT / source.name, "-"]
    made = subprocess.run(sorting, input=made, capture_output=True, text=True, check=True).stdout
    formatting = [ruff[0], "format", "--quiet", "--stdin-filename", CLIENT / source.name, "-"]
    return subprocess.run(formatting, input=made, capture_output=True, text=True, check=True).stdout


def made() -> dict[Path, str]:
    """Every blocking module, as it should be."""
    sources = (each for each in sorted((CLIENT / "aio").glob("*.py")) if each.name not in BY_HAND)
    return {CLIENT / source.name: blocking(source) for source in sources}


def main() -> int:
    """1 if `--check` finds a module that is not as it should be."""
    stale = {path: text for path, text in made().items() if not path.exists() or path.read_text("utf-8") != text}
    if "--check" in sys.argv:
        print("\n".join(f"{path}: make client" for path in stale))
        return bool(stale)
    for path, text in stale.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
