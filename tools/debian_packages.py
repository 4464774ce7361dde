"""Debian packages the tests use: a browser, PDF tools, OpenSSL, PostgreSQL, SoftHSM, tesseract, a mail server, Java.
Installs only what is missing, if root.

Debian would make and start a PostgreSQL cluster of its own; it is told not to: the tests start their own servers.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# package -> the command, or the file, that shows it is there
NEEDED = {
    "chromium": "chromium",
    "poppler-utils": "pdftoppm",
    "openssl": "openssl",
    "nginx-light": "nginx",
    "postgresql": "initdb",
    "softhsm2": "softhsm2-util",
    "dovecot-imapd": "/usr/lib/dovecot/imap",
    "default-jre-headless": "java",
    "maven": "mvn",
    "tesseract-ocr": "tesseract",
    "tesseract-ocr-vie": "/usr/share/tesseract-ocr/*/tessdata/vie.traineddata",
}
SERVERS = Path("/usr/lib/postgresql")  # outside of PATH, one folder a version
NO_CLUSTER = "create_main_cluster = false\nstart_conf = 'manual'\n"


def is_there(command: str) -> bool:
    if command.startswith("/"):
        return any(Path("/").glob(command[1:]))
    return bool(shutil.which(command) or any(SERVERS.glob(f"*/bin/{command}")))


def main() -> int:
    missing = [package for package, command in NEEDED.items() if not is_there(command)]
    if not missing:
        return 0
    names = " ".join(missing)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        command = f"sudo apt-get install {names}"
        print(f"Kiểm thử cần thêm: {names}. Xin chạy: {command}", file=sys.stderr)
        print(f"The tests also need: {names}. Run: {command}", file=sys.stderr)
        return 1
    print(f"Cài gói Debian cho kiểm thử · Debian packages for the tests: {names}", file=sys.stderr, flush=True)
    if "postgresql" in missing:
        make_no_cluster()
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        done = subprocess.run(["apt-get", *words], env=env, check=False, stdout=sys.stderr)
        if done.returncode:
            return done.returncode
    return 0


def make_no_cluster(folder: Path = Path("/etc/postgresql-common")) -> None:
    """Debian's own switch (pg_createcluster(1), createcluster.conf); a machine that has its own settings keeps them."""
    settings = folder / "createcluster.conf"
    if not settings.exists():
        folder.mkdir(parents=True, exist_ok=True)
        settings.write_text(NO_CLUSTER)


if __name__ == "__main__":
    sys.exit(main())
