"""Write the table of form checks into docs/protocol/form-check.md; a test holds that it agrees with the code."""

from pathlib import Path

from lienthong.signature.form import CHECKS

PAGE = Path(__file__).parents[1] / "docs" / "protocol" / "form-check.md"
HEAD = "| No. | Code | Weight | Source | What people are told |\n|---|---|---|---|---|\n"
START, END = "<!-- checks -->\n", "<!-- end of checks -->"


def table() -> str:
    """All checks, in the order of their numbers."""
    rows = sorted(CHECKS.values(), key=lambda check: check.number)
    return HEAD + "".join(
        f"| {row.number} | `{row.code}` | {row.severity.value} | {row.rule} | {row.vi} · {row.en} |\n" for row in rows
    )


def page(text: str) -> str:
    """The page with the table renewed."""
    before, _, rest = text.partition(START)
    return before + START + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
