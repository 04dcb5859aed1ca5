"""Static files have names that change with their content, are kept for ever, and compressed once."""

import errno
import gzip
import re
import tempfile
from pathlib import Path

import brotli
import pytest
from flask import render_template_string

from webapp.views.assets import HashedFiles


@pytest.fixture
def folder(tmp_path):
    source = tmp_path / "source"
    (source / "css").mkdir(parents=True)
    (source / "js").mkdir()
    (source / "mark.svg").write_text("<svg/>")
    (source / "css" / "site.css").write_text('body { background: url("../mark.svg"); mask: url(#local); }')
    (source / "js" / "page.js").write_text(
        'import { save } from "./lib/save.js";\nimport "./base.js";\nsave();'
    )
    (source / "js" / "base.js").write_text("export const base = 1;\n")
    (source / "js" / "lib").mkdir()
    (source / "js" / "lib" / "save.js").write_text(
        'import { base } from "../base.js";\nexport const save = () => base;'
    )
    return source


def address(app, path):
    with app.test_request_context():
        return render_template_string("{{ static_url(path) }}", path=path)


def test_a_file_is_served_for_ever_under_its_hashed_name(app, client):
    url = address(app, "css/readcheck.css")
    assert re.fullmatch(r"/static/css/readcheck\.[0-9a-f]{12}\.css", url)
    response = client.get(url, buffered=True)
    assert response.status_code == 200
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert (
        client.get(url, headers={"If-None-Match": response.headers["ETag"]}, buffered=True).status_code == 304
    )


@pytest.mark.parametrize(("coding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_compressed_copies_hold_the_same(app, client, coding, unpack):
    url = address(app, "css/readcheck.css")
    plain = client.get(url, buffered=True).data
    response = client.get(url, headers={"Accept-Encoding": coding}, buffered=True)
    assert response.headers["Content-Encoding"] == coding
    assert unpack(response.data) == plain
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_file_we_lack_fails_where_it_is_named(app):
    with pytest.raises(KeyError):
        address(app, "css/nowhere.css")


@pytest.mark.parametrize(
    "path", ["/static/css/readcheck.css", "/static/../app.py", "/static/%2e%2e/app.py", "/static/"]
)
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code == 404


def test_files_that_use_others_use_their_hashed_names(folder):
    files = HashedFiles(folder)
    page = files.contents["js/page.js"].decode()
    assert f"./{files.names['js/lib/save.js'].removeprefix('js/')}" in page
    assert f"./{files.names['js/base.js'].removeprefix('js/')}" in page
    assert f"../{files.names['js/base.js'].removeprefix('js/')}" in files.contents["js/lib/save.js"].decode()
    style = files.contents["css/site.css"].decode()
    assert f"../{files.names['mark.svg']}" in style
    assert "url(#local)" in style


def test_a_change_deep_down_renames_everything_above(folder):
    before = HashedFiles(folder)
    (folder / "js" / "base.js").write_text("export const base = 2;\n")
    after = HashedFiles(folder)
    changed = {name for name in before.names if before.names[name] != after.names[name]}
    assert changed == {"js/base.js", "js/lib/save.js", "js/page.js"}
    assert before.digest != after.digest


def test_a_circle_and_a_missing_file_are_named(folder):
    (folder / "js" / "base.js").write_text('import "./page.js";')
    with pytest.raises(ValueError, match=r"base\.js"):
        HashedFiles(folder)
    (folder / "js" / "base.js").write_text('import "./gone.js";')
    with pytest.raises(FileNotFoundError, match=r"base\.js uses js/gone\.js"):
        HashedFiles(folder)


def test_workers_that_start_at_once_write_the_same_folder(folder, tmp_path):
    files = HashedFiles(folder)
    target = tmp_path / "built" / files.digest
    files.write(target)
    marked = target / files.names["mark.svg"]
    made_at = marked.stat().st_mtime_ns
    HashedFiles(folder).write(target)
    assert marked.stat().st_mtime_ns == made_at
    assert [path.name for path in target.parent.iterdir()] == [files.digest]


def test_a_worker_that_is_overtaken_uses_what_the_other_one_wrote(folder, tmp_path, monkeypatch):
    target = tmp_path / "data" / "static"
    make_folder = tempfile.mkdtemp

    def be_overtaken(**options):
        monkeypatch.setattr(tempfile, "mkdtemp", make_folder)
        HashedFiles(folder).write(target)
        return make_folder(**options)

    monkeypatch.setattr(tempfile, "mkdtemp", be_overtaken)
    files = HashedFiles(folder)
    files.write(target)
    assert all((target / files.names[name]).read_bytes() == files.contents[name] for name in files.contents)
    assert list(target.parent.iterdir()) == [target]


def test_a_full_disk_is_said_and_leaves_nothing_half_written(folder, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="No space left"):
        HashedFiles(folder).write(tmp_path / "data" / "static")
    assert list((tmp_path / "data").iterdir()) == []


class TestOtherVersions:
    """Around an upgrade a page of one version asks a process of another for its files."""

    @pytest.fixture
    def settings(self, settings, tmp_path):
        (settings.data / "static").unlink()  # that of all tests
        return settings

    @pytest.fixture
    def other(self, app, settings, folder):
        """Served by another process, older or newer, on the same data."""
        files = HashedFiles(folder)
        files.write(settings.data / "static" / files.digest)
        return files

    def test_their_files_are_served_too(self, client, other):
        for name, content in other.contents.items():
            response = client.get(f"/static/{other.names[name]}", buffered=True)
            assert (response.status_code, response.data) == (200, content)
            assert "immutable" in response.headers["Cache-Control"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"

    def test_a_version_that_comes_later_is_found(self, client, settings, folder, other):
        assert client.get(f"/static/{other.names['mark.svg']}", buffered=True).status_code == 200
        (folder / "mark.svg").write_text("<svg><!-- later --></svg>")
        later = HashedFiles(folder)
        assert client.get(f"/static/{later.names['mark.svg']}").status_code == 404
        later.write(settings.data / "static" / later.digest)
        assert client.get(f"/static/{later.names['mark.svg']}", buffered=True).data.endswith(
            b"later --></svg>"
        )

    def test_half_written_folders_and_made_up_names_are_not_served(self, client, settings, other):
        half = settings.data / "static" / "tmpabc"
        half.mkdir()
        (half / "half.0123456789ab.js").write_text("let half")
        for path in ("half.0123456789ab.js", "js/none.0123456789ab.js", f"{other.digest}/mark.svg"):
            assert client.get(f"/static/{path}").status_code == 404
