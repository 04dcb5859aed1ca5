"""Flask extensions, made bare. `webapp.app` ties them to an application. Imports nothing of ours."""

from __future__ import annotations

import base64
import binascii
import secrets
from functools import lru_cache

from flask import Flask, current_app, g, session
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import URLSafeTimedSerializer

KEPT_TOKENS = 4096


class MaskedCsrf(CSRFProtect):  # type: ignore[misc] # Flask-WTF ships no types
    """CSRF protection whose token looks different in every response.

    A secret that is the same in every compressed response can be guessed from their sizes (BREACH).
    """

    def init_app(self, app: Flask) -> None:
        """Give templates the masked token in place of the bare one."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = masked_token
        app.context_processor(lambda: {"csrf_token": masked_token})

    def _get_csrf_token(self) -> str | None:
        sent = super()._get_csrf_token()
        return unmask(sent) if sent else None


def masked_token() -> str:
    """The session's token under this response's pad: one for all its forms, which then also compress well."""
    if "csrf_token" not in g and "csrf_token" in session:
        g.csrf_token = _signed(str(current_app.secret_key), session["csrf_token"])  # as generate_csrf() would
    token = g.get("csrf_token") or generate_csrf()
    if g.get("masked_csrf", ("", ""))[0] != token:
        g.masked_csrf = (token, mask(token))
    masked: str = g.masked_csrf[1]
    return masked


@lru_cache(KEPT_TOKENS)
def _signed(secret: str, raw: str) -> str:
    """A session's token as Flask-WTF signs it; it has no age, so that once is enough."""
    token = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(raw)
    return token if isinstance(token, str) else token.decode()


def mask(token: str) -> str:
    """The token as a page may carry it: a random pad, and the token under that pad."""
    plain = token.encode()
    pad = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(pad + bytes(map(int.__xor__, pad, plain))).decode()


def unmask(sent: str) -> str:
    """The inverse of `mask`; an empty string for anything that no page of ours sent."""
    try:
        raw = base64.b64decode(sent, altchars=b"-_", validate=True)
        pad, covered = raw[: len(raw) // 2], raw[len(raw) // 2 :]
        return bytes(map(int.__xor__, pad, covered)).decode()
    except (binascii.Error, ValueError):
        return ""


babel = Babel()
compress = Compress()
csrf = MaskedCsrf()
db = SQLAlchemy(session_options={"expire_on_commit": False})
limiter = Limiter(key_func=get_remote_address)
security = Security()
