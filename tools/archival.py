"""Judges PDF files by PDF/A-2u (ISO 19005-2) with veraPDF, the reference validator; installs it where it is missing.

    python tools/archival.py             install: needs `mvn`
    python tools/archival.py FILE …      a line of JSON a file, {"file", "kept", "faults"}; needs `java`

The exit status is 1 when a file is not kept to the standard. Versions are in tools/verapdf/pom.xml; only the very jars
whose hashes stand in jars.sha256 are used. After a change of the version, `--lock` writes the hashes anew.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "tools" / "verapdf"
LOCK = TOOL / "jars.sha256"
JARS = ROOT / "tests" / "vendor" / "verapdf"
PROFILE = "2u"
FETCH = ("mvn", "--quiet", "--batch-mode", "dependency:copy-dependencies", "-DincludeScope=runtime")
# Some dozens of small files: a short start counts for more than fast code.
JAVA = ("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-Djava.awt.headless=true")


def hashes(folder: Path) -> str:
    """As `sha256sum` writes them."""
    jars = sorted(folder.glob("*.jar"))
    return "".join(f"{hashlib.sha256(jar.read_bytes()).hexdigest()}  {jar.name}\n" for jar in jars)


def install(*, lock: bool) -> int:
    if not lock and hashes(JARS) == LOCK.read_text():
        return 0
    print("veraPDF cho kiểm thử · veraPDF for the tests", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="lienthong-verapdf-") as made:
        fetched = Path(made) / "jars"
        fetch(fetched)
        if lock:
            LOCK.write_text(hashes(fetched))
        if hashes(fetched) != LOCK.read_text():
            print("Tệp tải về không đúng mã băm · the jars are not those of jars.sha256", file=sys.stderr)
            return 1
        shutil.rmtree(JARS, ignore_errors=True)
        JARS.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(fetched, JARS)
    return 0


def fetch(target: Path) -> None:
    """From Maven's own store on this machine if they are there, else from its repository."""
    command = [*FETCH, "--file", str(TOOL / "pom.xml"), f"-DoutputDirectory={target}"]
    if subprocess.run([*command, "--offline"], check=False, capture_output=True).returncode:
        subprocess.run(command, check=True, stdout=sys.stderr)


def judge(names: list[str]) -> int:
    command = [*JAVA, "-cp", f"{JARS}/*", "org.mozilla.javascript.tools.shell.Main", str(TOOL / "judge.js"), PROFILE]
    done = subprocess.run([*command, *names], check=True, capture_output=True, text=True)
    print(done.stdout, end="")
    return 0 if all(json.loads(line)["kept"] for line in done.stdout.splitlines()) else 1


def main(words: list[str]) -> int:
    files = [word for word in words if word != "--lock"]
    problem = install(lock=files != words)
    return problem or (judge(files) if files else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
