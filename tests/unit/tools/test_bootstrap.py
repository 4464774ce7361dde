"""Set-up before anything is installed: what it asks of the machine, and when it has nothing to do."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]


def loaded() -> ModuleType:
    """The tool as a module; it lies outside the packages."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "tools" / "bootstrap.py")
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, with its environment folder and its locks in a place of the test."""
    tool = loaded()
    locks = {kind: tmp_path / f"{kind}.lock" for kind in ("runtime", "dev")}
    for kind, lock in locks.items():
        lock.write_text(f"{kind}==1\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(tool, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(tool, "LOCKS", locks)
    for name in ("require_venv", "make_environment", "install_uv"):
        monkeypatch.setattr(tool, name, lambda: None)
    return tool


@pytest.fixture
def installed(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was installed, in order."""
    done: list[str] = []
    monkeypatch.setattr(bootstrap, "install_packages", done.append)
    return done


def test_a_second_run_has_nothing_to_do(bootstrap: ModuleType, installed: list[str]) -> None:
    bootstrap.ensure_packages("runtime")
    bootstrap.ensure_packages("runtime")
    assert installed == ["runtime"]


def test_the_larger_set_serves_for_the_smaller(bootstrap: ModuleType, installed: list[str]) -> None:
    bootstrap.ensure_packages("runtime")
    bootstrap.ensure_packages("dev")
    bootstrap.ensure_packages("runtime")
    assert installed == ["runtime", "dev"]


def test_test_tools_in_use_stay(bootstrap: ModuleType, installed: list[str]) -> None:
    bootstrap.ensure_packages("dev")
    tools = bootstrap.VENV / "bin"
    tools.mkdir()
    (tools / "pytest").touch()
    bootstrap.LOCKS["dev"].write_text("other==2\n")
    bootstrap.ensure_packages("runtime")
    assert installed == ["dev", "dev"]


@pytest.mark.parametrize("kind", ["runtime", "dev"])
def test_a_changed_lock_is_installed(bootstrap: ModuleType, installed: list[str], kind: str) -> None:
    bootstrap.ensure_packages(kind)
    bootstrap.LOCKS[kind].write_text("other==2\n")
    bootstrap.ensure_packages(kind)
    assert installed == [kind, kind]


def test_a_stopped_set_up_starts_again(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.stamp("dev").write_text("of an older lock")

    def stop(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "install_packages", stop)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.ensure_packages("runtime")
    assert not any(bootstrap.stamp(kind).exists() for kind in bootstrap.LOCKS)


def test_too_old_a_python_is_named(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    with pytest.raises(bootstrap.SetUpError, match=r"Cần Python 3\.11 .*3\.9\.2.* is needed"):
        bootstrap.require_python()


def test_without_root_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    tool = loaded()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(tool.SetUpError, match=r"apt-get install python3\.\d+-venv · .* is missing; run:"):
        tool.require_venv()


def test_mirrors_and_certificates_of_pip_are_passed_on(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pip = tmp_path / "python"
    pip.write_text(
        "#!/bin/sh\necho \"global.index-url='https://mirror.example/simple'\"\necho \"global.cert='/etc/ca.pem'\"\n"
    )
    pip.chmod(0o755)
    monkeypatch.setattr(bootstrap, "PYTHON", pip)
    monkeypatch.setenv("SSL_CERT_FILE", "/mine.pem")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert bootstrap.pip_settings() == {"UV_DEFAULT_INDEX": "https://mirror.example/simple"}


def test_the_makefile_says_what_it_can_do() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in ("demo", "demo-check", "test", "check", "bench"):
        assert f"make {target} " in makefile
        assert f"\n{target}: " in makefile
