"""Coverage-guided fuzzing of what reads strangers' bytes (atheris, libFuzzer): no crash, no hang, bounded memory.

    make fuzz                                   every target for ten minutes
    .venv/bin/python tools/fuzz.py envelope     one target until Ctrl-C
    .venv/bin/python tools/fuzz.py envelope --seconds 5 --corpus var/fuzz

What is found is written to `tests/conformance/fuzz_finds/<target>/` and from then on tried by the tests. The corpus
(inputs that reached something new) is kept in `--corpus`, and the next run begins where it stopped.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

with atheris.instrument_imports(
    include=["lienthong.envelope", "lienthong.document", "lienthong.gateway.composing", "lienthong.signature.lasting"]
):
    from fuzz_targets import FINDS, TARGETS

HANGS = 10
"""Seconds one input may take."""
MEMORY = 1024
"""MiB the whole process may take."""
LONGEST = 64 * 1024
"""Bytes of an input."""


def main() -> None:
    """Fuzz one target; exit status 0 when the time ran out without a find."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=0, help="0: until Ctrl-C")
    parser.add_argument("--corpus", type=Path, help="folder that keeps what reached something new")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        corpus = (asked.corpus or Path(temporary)) / asked.target
        _sow(corpus, asked.target)
        atheris.Setup([sys.argv[0], *_options(asked, Path(temporary)), str(corpus)], TARGETS[asked.target].check)
        atheris.Fuzz()


def _sow(corpus: Path, target: str) -> None:
    corpus.mkdir(parents=True, exist_ok=True)
    for order, seed in enumerate(TARGETS[target].seeds()):
        (corpus / f"seed-{order:03}").write_bytes(seed)


def _options(asked: argparse.Namespace, temporary: Path) -> list[str]:
    finds = FINDS / asked.target
    finds.mkdir(parents=True, exist_ok=True)
    limits = [f"-timeout={HANGS}", f"-rss_limit_mb={MEMORY}", f"-max_len={LONGEST}", f"-max_total_time={asked.seconds}"]
    return [*limits, f"-artifact_prefix={finds}/", "-print_final_stats=1", *_dictionary(asked.target, temporary)]


def _dictionary(target: str, temporary: Path) -> list[str]:
    words = [word.replace('"', '\\"') for word in TARGETS[target].words]
    if words:
        (temporary / "words").write_text("".join(f'"{word}"\n' for word in words), "utf-8")
    return [f"-dict={temporary / 'words'}"] if words else []


if __name__ == "__main__":
    main()
