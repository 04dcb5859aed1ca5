"""The server as processes: what it prints, what it refuses, and how it lives and dies."""

from __future__ import annotations

import http.client
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.live import family, is_alive
from webapp.database import WRITES, make_engine

ROOT = Path(__file__).parents[2]
DIES_WITHIN_S = 10


def wait_until(condition, within=DIES_WITHIN_S):
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def get(site, path="/healthz"):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def refused(site, *options, host="127.0.0.1", **environment) -> str:
    """What `serve` says when it does not start; it must end with exit code 1."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("READCHECK_")}
    own |= {"READCHECK_DATA": str(site.settings.data)} | environment
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "serve", "--host", host, "--port", str(site.port), *options],
        env=own,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_first_run_makes_everything_and_says_where_it_is(make_site):
    site = make_site("--workers", "2")
    wait_until(lambda: f"Readcheck is ready: {site.url}/" in site.log)
    data = site.settings.data
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "readcheck.sqlite3").exists()
    wait_until(lambda: len(family(site.process.pid)) == 3)  # two web workers and the job worker
    assert "WARNING" not in site.log
    first_link = re.search(r"/link/[\w-]+", site.log).group()
    assert get(site, first_link)[0] == 200
    assert site.stop() == 0
    site.start()
    links = re.findall(r"/link/[\w-]+", site.log)
    assert len(set(links)) == 2  # a new one at every start, until one is used
    assert get(site, first_link)[0] == 404
    assert get(site, links[1])[0] == 200


def test_the_log_is_lines_of_json_without_secrets(make_site):
    site = make_site()
    get(site, "/healthz?word=planted")
    site.stop()
    lines = [line for line in site.log.splitlines() if line.startswith("{")]
    assert any('"path": "/healthz"' in line for line in lines)
    assert "planted" not in site.log


def test_a_taken_port_is_named(make_site):
    site = make_site(start=False)
    with socket.socket() as other:
        other.bind(("127.0.0.1", site.port))
        other.listen()
        said = refused(site)
    assert str(site.port) in said
    assert "in use" in said


def test_two_servers_do_not_share_a_data_folder(site):
    said = refused(site, "--port", "0")
    assert "in use by another" in said


@pytest.mark.parametrize(
    "environment",
    [{}, {"READCHECK_URL": "http://school.local"}],
    ids=["nothing set", "an address without TLS"],
)
def test_plain_http_for_others_is_refused_unless_accepted(make_site, environment):
    said = refused(make_site(start=False), host="192.0.2.1", **environment)
    assert "READCHECK_ALLOW_HTTP=1" in said


def test_accepted_plain_http_is_said_at_each_start(make_site):
    site = make_site("--workers", "1", "--no-worker", READCHECK_ALLOW_HTTP="1")
    assert "READCHECK_ALLOW_HTTP" in site.log
    assert get(site)[0] == 200


def test_a_killed_web_worker_is_replaced_again_and_again(make_site):
    site = make_site("--workers", "2", "--no-worker")
    for _ in range(4):  # granian itself gives up at the second within 5.5 s
        before = family(site.process.pid)
        os.kill(before[0], signal.SIGKILL)
        wait_until(lambda before=before: len(set(family(site.process.pid)) - set(before)) == 1)
        wait_until(lambda: len(family(site.process.pid)) == 2)
    site.wait_until_ready()
    assert site.process.poll() is None
    assert site.stop() == 0


def test_a_killed_job_worker_is_replaced(make_site):
    site = make_site("--workers", "1")
    wait_until(lambda: len(family(site.process.pid)) == 2)
    before = family(site.process.pid)
    worker = next(
        pid for pid in before if b"--beside-server" in (Path("/proc") / str(pid) / "cmdline").read_bytes()
    )
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: len(set(family(site.process.pid)) - set(before)) == 1)


def test_nothing_outlives_a_killed_server_and_the_next_one_starts(make_site):
    site = make_site("--workers", "2")
    wait_until(lambda: len(family(site.process.pid)) == 3)
    children = family(site.process.pid)
    os.kill(site.process.pid, signal.SIGKILL)
    site.process.wait()
    wait_until(lambda: not any(is_alive(child) for child in children))
    site.start()
    assert get(site)[0] == 200


def test_a_stop_lets_a_request_end(make_site):
    """A slow upload is being received while the server is told to stop."""
    site = make_site()
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        time.sleep(0.2)
        slow.sendall(b"\r\n")
        assert b"200 OK" in slow.recv(4096)
    children = family(site.process.pid)
    assert site.stop() == 0
    assert not any(is_alive(child) for child in children)


def test_another_server_refuses_an_old_schema_and_names_the_command(make_site):
    site = make_site(start=False)
    assert "readcheck db upgrade" in load_elsewhere(site)
    own = os.environ | {"READCHECK_DATA": str(site.settings.data)}
    subprocess.run([sys.executable, "-m", "webapp.cli", "db", "upgrade"], env=own, cwd=ROOT, check=True)
    assert load_elsewhere(site) == ""
    engine = make_engine(site.settings)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    engine.dispose()
    assert "readcheck db upgrade" in load_elsewhere(site)


def load_elsewhere(site) -> str:
    """What importing `webapp.wsgi:app` says, as gunicorn would."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("READCHECK_")}
    done = subprocess.run(
        [sys.executable, "-c", "from webapp.wsgi import app"],
        env=own | {"READCHECK_DATA": str(site.settings.data)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stderr


def test_the_flask_command_works_as_flask_developers_expect(settings):
    own = {name: value for name, value in os.environ.items() if not name.startswith("READCHECK_")}
    own["READCHECK_DATA"] = str(settings.data)
    flask = shutil.which("flask", path=Path(sys.executable).parent)
    done = subprocess.run(
        [flask, "--app", "webapp.wsgi", "routes"],
        env=own,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert "health.healthz" in done.stdout


def test_a_school_of_kept_connections_keeps_nobody_out(make_site):
    """Granian lets 1024 in, all workers together, unless it is told otherwise; the next page never came."""
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(few, min(4096, most)), most))
    site = make_site("--workers", "2", "--no-worker")
    kept = []
    try:
        for _ in range(1200):
            connection = socket.create_connection(("127.0.0.1", site.port), timeout=10)
            kept.append(connection)
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert connection.recv(12) == b"HTTP/1.1 200"
        assert get(site)[0] == 200
    finally:
        for connection in kept:
            connection.close()


def test_slow_uploads_keep_no_reader_waiting(site):
    head = b"POST /sign-out HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx"
    slow = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(50)]
    for connection in slow:
        connection.sendall(head)
    time.sleep(0.3)
    began = time.monotonic()
    assert get(site)[0] == 200
    assert time.monotonic() - began < 3
    for connection in slow:
        connection.close()
