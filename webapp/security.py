"""Headers, the content security policy and its nonce, and cookies. Imports nothing of ours but settings."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g

from webapp.config import Settings

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000"


def csp_nonce() -> str:
    """The nonce that this response's own scripts carry."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    nonce: str = g.csp_nonce
    return nonce


def content_security_policy(nonce: str) -> str:
    """Nothing is allowed but our own files; scripts only with this response's nonce."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


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
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers.update(FIXED_HEADERS)
        response.headers["Content-Security-Policy"] = content_security_policy(csp_nonce())
        if settings.uses_tls:
            response.headers["Strict-Transport-Security"] = HSTS
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
