"""A wheel installed elsewhere has a base to show, and writes nothing into itself."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, as `pip wheel` makes it."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", str(REPOSITORY), "--no-deps", "--quiet", "-w", str(target)]
    try:
        import hatchling  # noqa: F401

        command.append("--no-build-isolation")
    except ImportError:
        pass
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and "No module named pip" in done.stderr:
        pytest.skip("needs pip in the environment of the tests")
    if done.returncode and ("Could not find a version" in done.stderr or "Connection" in done.stderr):
        pytest.skip("needs PyPI, for hatchling")
    assert done.returncode == 0, done.stderr
    return next(target.glob("evidencebase-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Run the installed command from an empty folder; the libraries are borrowed, the package is not."""
    home = tmp_path_factory.mktemp("elsewhere")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home / "venv")], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home / "venv"), "platbase": str(home / "venv")}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # Behind the wheel's own folder on the path, so that an editable install can never stand in for it.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (home / "empty").mkdir()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "XDG_CACHE_HOME": str(home / "cache"), "HOME": str(home), "NO_COLOR": "1"}
        environment.pop("PYTHONPATH", None)
        return subprocess.run(
            [str(home / "venv" / "bin" / "python"), "-m", "evidencebase", *arguments],
            cwd=home / "empty", env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    run.home, run.site = home, site
    return run


def test_the_wheel_has_the_base_and_every_file_the_engine_reads(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    engine = {f"evidencebase/{file.relative_to(REPOSITORY / 'src/evidencebase').as_posix()}"
              for file in (REPOSITORY / "src/evidencebase").rglob("*")
              if file.is_file() and "__pycache__" not in file.parts}  # fmt: skip
    assert engine <= names
    base = {f"evidencebase/shipped/{file.relative_to(REPOSITORY).as_posix()}"
            for part in ("evidence", "schema", "loaders") for file in (REPOSITORY / part).rglob("*") if file.is_file()}  # fmt: skip
    assert base | {"evidencebase/shipped/metadata.yml"} <= names
    assert not [name for name in names if name.endswith((".db", ".pyc")) or "/documents/" in name]


def test_the_shipped_base_is_checked_without_its_documents(installed):
    done = installed("check", "--ignore", "review")
    assert "Traceback" not in done.stderr
    assert "vouched for by the lock, not matched" in done.stdout
    assert done.returncode == 0, done.stdout[-2_000:]


def test_findings_are_searched(installed):
    done = installed("search", "lonely")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("lonely") > 20


def test_the_database_goes_to_the_cache_and_nothing_into_the_package(installed):
    before = sorted(str(file) for file in (installed.site / "evidencebase" / "shipped").rglob("*"))
    done = installed("build")
    assert done.returncode == 0, done.stderr
    assert (installed.home / "cache" / "evidencebase" / "evidence.db").read_bytes().startswith(b"SQLite format 3")
    assert sorted(str(file) for file in (installed.site / "evidencebase" / "shipped").rglob("*")) == before
    assert list((installed.home / "empty").iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [("lock",), ("schema",), ("review", "x", "--by", "reader-b", "--verdict", "reject", "--note", "n")]
)
def test_the_shipped_base_is_read_only(installed, arguments):
    done = installed(*arguments)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
