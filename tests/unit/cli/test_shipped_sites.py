"""A site of nginx is run as shipped, with other places; one that is not what we think it is is refused."""

from pathlib import Path

import pytest

from lienthong.cli.servers.nginx import shipped
from lienthong.errors import ConfigurationInvalid

SITES = Path(__file__).parents[3] / "deploy" / "nginx"


def test_places_are_changed_and_logs_lie_in_the_folder(tmp_path: Path) -> None:
    text = shipped(SITES / "lienthong-axis.conf", tmp_path, {"listen 8443": "listen 127.0.0.1:9443"})
    assert "listen 127.0.0.1:9443 ssl" in text
    assert "/var/log" not in text
    assert f"access_log {tmp_path}/lienthong-axis.json" in text


@pytest.mark.parametrize(("name", "old"), [("lienthong-axis.conf", "listen 443"), ("none.conf", "listen 8443")])
def test_what_is_missing_is_named(tmp_path: Path, name: str, old: str) -> None:
    with pytest.raises(ConfigurationInvalid, match=name):
        shipped(SITES / name, tmp_path, {old: ""})
