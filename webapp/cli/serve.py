"""`readcheck serve` and `readcheck worker`: the processes of a running site."""

from __future__ import annotations

import http.client
import os
import resource
import signal
import socket
import threading
import time
from ipaddress import ip_address
from typing import TYPE_CHECKING

import click
from flask import Flask

from webapp import database, jobs
from webapp.app import create_app, settle
from webapp.cli.application import prepare, require, settings_of
from webapp.cli.body_first import THREADS, BodyFirst
from webapp.cli.lifeline import die_with
from webapp.cli.processes import STOP_WITHIN_S, JobWorker, WebServer
from webapp.config import Settings
from webapp.extensions import db
from webapp.services import access_links, maintenance
from webapp.services.storage import StorageError, in_use
from webapp.views.request_log import write_to_stderr

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

READY_WITHIN_S = 60
CONNECTIONS = 4096
"""So many browsers may keep a connection to one worker; each costs a file and some kilobytes.

Granian's own number is 1024 for all workers together: a school of 2,000 that starts at once was left waiting.
"""
PLAIN_HTTP = (
    "READCHECK_ALLOW_HTTP is set: passwords and answers travel unencrypted, and cookies are not marked "
    "Secure. Only do this in a network you trust."
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free one."
)
@click.option("--workers", type=click.IntRange(1, 64), help="Web worker processes.  [default: one per core]")
@click.option(
    "--no-worker", is_flag=True, help="Start no process for background work; run `readcheck worker`."
)
def serve(host: str, port: int, workers: int | None, *, no_worker: bool) -> None:
    """Serve the site, after first run or migrations where they are due."""
    settings = Settings.from_environment()
    _require_safe(host, settings)
    port = _free_port(host, port)
    with in_use(settings):
        app = prepare(settings)
        address = settings.url or f"http://{f'[{host}]' if ':' in host else host}:{port}"
        _tell_first_administrator(app, address)
        if maintenance.is_closed(settings):
            click.echo(maintenance.LEFT_CLOSED, err=True)
        if settings.allow_http:
            click.echo(PLAIN_HTTP, err=True)
        _run(app, host, port, workers or os.cpu_count() or 1, None if no_worker else JobWorker(), address)


def _require_safe(host: str, settings: Settings) -> None:
    if _is_own(host) or settings.allow_http or settings.uses_tls or settings.trusted_proxies:
        return
    raise StorageError(
        f"On {host} other machines could reach the site over plain HTTP. Where a proxy in front speaks TLS, "
        "set READCHECK_URL=https://... and READCHECK_TRUSTED_PROXIES; to accept the risk, set "
        "READCHECK_ALLOW_HTTP=1."
    )


def _is_own(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _free_port(host: str, port: int) -> int:
    """The port, if nobody has it. Granian would share it silently with another server."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StorageError(
                f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port."
            ) from error
        free: int = probe.getsockname()[1]
        return free


def _tell_first_administrator(app: Flask, address: str) -> None:
    with database.write_session(app) as session:
        link = access_links.first_administrator_link(session, address)
    if link:
        click.echo(f"There is no administrator yet. This link makes one, once:\n  {link}", err=True)


def _allow_connections() -> None:
    """As many open files as the system lets us have: many start with 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(2 * CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _run(app: Flask, host: str, port: int, workers: int, job_worker: JobWorker | None, address: str) -> None:
    with app.app_context():
        db.engine.dispose()  # the workers are copies of this process; connections must not be
    write_to_stderr()
    _allow_connections()
    server = WebServer(
        "webapp.wsgi:app",
        address=host,
        port=port,
        interface="wsgi",
        workers=workers,
        blocking_threads=THREADS,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=STOP_WITHIN_S,
        log_level="warning",
        websockets=False,
    )
    if job_worker is not None:
        server.on_startup(job_worker.start)
        server.on_shutdown(job_worker.stop)
    tell = (host, port, address, job_worker)
    threading.Thread(target=_tell_when_ready, args=tell, daemon=True).start()
    server.serve(target_loader=LoadInWorker(os.getpid(), settings_of(app)), wrap_loader=False)


class LoadInWorker:
    """What a web worker does first: tie its life to the server's, then make the application."""

    def __init__(self, parent: int, settings: Settings) -> None:
        self._parent = parent
        self._settings = settings

    def __call__(self) -> WSGIApplication:
        """The application, in the worker."""
        die_with(self._parent)
        # Until the worker has its own way to take this signal, it has the server's, which stops nothing.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        write_to_stderr()
        app = create_app(self._settings)
        settle()
        return BodyFirst(app)


def _tell_when_ready(host: str, port: int, address: str, job_worker: JobWorker | None) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(host, port, timeout=READY_WITHIN_S)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                click.echo(f"Readcheck is ready: {address}/")
                if job_worker is not None:
                    job_worker.may_start.set()
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    click.echo("The server does not answer; see the log above.", err=True)


@click.command()
@click.option("--beside-server", is_flag=True, hidden=True, help="The server has seen to the schema.")
def worker(*, beside_server: bool) -> None:
    """Do background work (generation of questions) until stopped."""
    app = create_app(Settings.from_environment()) if beside_server else require()
    write_to_stderr()
    jobs.work(app)
