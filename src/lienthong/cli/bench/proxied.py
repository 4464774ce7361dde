"""The deployment as it is shipped: nginx with mutual TLS, and the axis on a socket beside it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lienthong.cli.demo.build import Place
from lienthong.cli.servers.nginx import Nginx, nginx, shipped
from lienthong.errors import ConfigurationInvalid

NGINX = "nginx"
CONNECTIONS = 16_384
"""What the guide tells a worker to bear: each waiting gateway takes two, its own and the one to the axis."""


@contextmanager
def proxied(place: Place, sites: Path) -> Iterator[Nginx]:
    """nginx with the sites of that folder at the axis's address; start the axis inside. ConfigurationInvalid."""
    folder = place.folder / NGINX
    folder.mkdir()
    behind(place.folder / "axis.toml", "wire", f'socket = "{folder}/axis.sock"\nbehind_proxy = true\n')
    changes = {
        "/run/lienthong-axis/1.sock": f"{folder}/axis.sock",
        "listen 8443": f"listen 127.0.0.1:{place.ports['axis']}",
        "/etc/lienthong/axis/": f"{place.folder}/axis/",
        "/etc/lienthong/root.pem": str(place.root),
        "lienthong_peers 256": f"lienthong_peers {CONNECTIONS}",  # all gateways have one address here
    }
    texts = [shipped(sites / "lienthong-limits.conf", folder, {})]
    with nginx(folder, [*texts, shipped(sites / "lienthong-axis.conf", folder, changes)], CONNECTIONS) as server:
        yield server


def behind(toml: Path, face: str, lines: str) -> None:
    """Let a face listen where a proxy beside it looks. ConfigurationInvalid if the settings have no such face."""
    text, found = re.subn(rf"\[{face}\].*?(?=\n\[)", f"[{face}]\n{lines}", toml.read_text("utf-8"), flags=re.DOTALL)
    if not found:
        raise ConfigurationInvalid(f"{toml}: [{face}]")
    toml.write_text(text, "utf-8")
