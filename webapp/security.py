"""Headers, the content security policy and its nonce, cookies, and whose word about an address counts.

A proxy's about where a request is from; a browser's about where to go next.

Imports nothing of ours but settings.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from webapp.config import Settings

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000"
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


def csp_nonce() -> str:
    """The nonce that this response's own scripts carry."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    nonce: str = g.csp_nonce
    return nonce


def content_security_policy(nonce: str | None) -> str:
    """Nothing is allowed but our own files; scripts only with this response's nonce, or none at all."""
    scripts = f"'nonce-{nonce}'" if nonce else "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


class SteppedClockSigner(TimestampSigner):
    """Takes a signature from the future too: the clock was set back since, which must sign nobody out.

    A guest's cookie is all there is to find their answers by. Sessions end in the database, not by this date.
    """

    def unsign(
        self,
        signed_value: str | bytes,
        max_age: int | None = None,
        return_timestamp: bool = False,  # noqa: FBT001, FBT002 (the library's own signature)
    ) -> Any:  # noqa: ANN401 (as there: bytes, with their time where that was asked for)
        """The value, unless it is not ours or too old."""
        unsign: Any = super().unsign  # two overloads there, one here
        try:
            return unsign(signed_value, max_age, return_timestamp)
        except SignatureExpired as error:
            signed_at = error.date_signed
            if signed_at is None or signed_at.timestamp() <= self.get_timestamp():
                raise
            return unsign(signed_value, None, return_timestamp)


class SignedCookies(SecureCookieSessionInterface):
    """Flask's signed cookies, with one signer for all requests in place of one for each."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer under the application's key, which does not change while it runs."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
            if self._signer is not None:
                self._signer.signer = SteppedClockSigner
        return self._signer


class ClientAddress:
    """Who asks, and under which address of ours: forwarded headers count only from trusted proxies.

    Where the public address is set (`READCHECK_URL`), it is the answer to the second question, whatever the
    request's own headers say.
    """

    def __init__(self, application: WSGIApplication, settings: Settings) -> None:
        self._application = application
        self._trusted = [ip_network(network) for network in settings.trusted_proxies]
        self._public = urlsplit(settings.url) if settings.url else None

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Correct the request's addresses, then let the application answer it."""
        forwarded = {name: environ.pop(name, "") for name in FORWARDED}
        if self._is_trusted(environ.get("REMOTE_ADDR", "")):
            self._take(environ, forwarded)
        if self._public is not None:
            environ["HTTP_HOST"] = self._public.netloc
            environ["wsgi.url_scheme"] = self._public.scheme
        return self._application(environ, start_response)

    def _take(self, environ: dict[str, Any], forwarded: dict[str, str]) -> None:
        hops = [hop.strip() for hop in forwarded["HTTP_X_FORWARDED_FOR"].split(",") if hop.strip()]
        # From the near end: the first hop that is no proxy of ours is the farthest that somebody trusted saw.
        client = next((hop for hop in reversed(hops) if not self._is_trusted(hop)), None)
        if client is not None and _is_address(client):
            environ["REMOTE_ADDR"] = client
        scheme = forwarded["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip()
        if scheme in {"http", "https"}:
            environ["wsgi.url_scheme"] = scheme
        host = forwarded["HTTP_X_FORWARDED_HOST"].rpartition(",")[2].strip()
        if host:
            environ["HTTP_HOST"] = host

    def _is_trusted(self, address: str) -> bool:
        if not self._trusted or not _is_address(address):
            return False
        parsed = ip_address(address)
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self._trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def init_app(app: Flask, settings: Settings) -> None:
    """Set cookies and headers for every response of the application."""
    insecure = settings.allow_http and not settings.uses_tls
    app.config.update(
        SESSION_COOKIE_NAME="readcheck" if insecure else "__Host-readcheck",
        SESSION_COOKIE_SECURE=not insecure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    app.session_interface = SignedCookies()
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.wsgi_app = ClientAddress(app.wsgi_app, settings)  # type: ignore[method-assign] # how Flask is wrapped

    @app.after_request
    def set_headers(response: Response) -> Response:
        # Added, not set: nobody else sets them, and setting compares each with every header there is.
        response.headers.extend(FIXED_HEADERS)
        response.headers.add("Content-Security-Policy", content_security_policy(g.get("csp_nonce")))
        if settings.uses_tls:
            response.headers["Strict-Transport-Security"] = HSTS
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def local_page(target: str | None) -> str | None:
    """The address, if it is a page of ours, written without a host; None for anything else."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(letter) <= ord(" ") for letter in target):
        return None  # browsers read a backslash as a slash, and drop tabs and line ends
    return target


def referring_page() -> str | None:
    """The page of ours that this request was made from."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return None
    return local_page(parts.path + (f"?{parts.query}" if parts.query else ""))
