"""The test client: a browser over TLS that can send forms as our pages do."""

from __future__ import annotations

import hashlib
import os
import re
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from tests import canaries
from webapp.extensions import mask

ORIGIN = "https://localhost"
SECRET = "a secret that only the tests know, long enough"


class Client(FlaskClient):
    """A browser on https://localhost. `csrf_post` is what pressing a form's button does."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request, and look for canaries in the answer.

        The test's own session ends its transaction first and sees fresh rows after.
        """
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", ORIGIN)
        own = self.application.extensions.get("test_session")
        if own is not None:
            own.commit()
        before = self._login_token()
        response = super().open(*args, **kwargs)
        canaries.look(self.application, response, f"{args} {kwargs}", (before, self._login_token()))
        if own is not None:
            own.expire_all()
        return response

    def _login_token(self) -> str | None:
        name = self.application.config["SESSION_COOKIE_NAME"]
        cookie = self.get_cookie(name, domain="localhost")
        return canaries.login_token(self.application, cookie.value if cookie else None)

    def csrf_token(self) -> str:
        """A token that this browser's session accepts."""
        with self.session_transaction(base_url=ORIGIN) as session:
            raw = session.setdefault(
                "csrf_token", hashlib.sha1(os.urandom(16), usedforsecurity=False).hexdigest()
            )
        serializer = URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token")
        token = serializer.dumps(raw)
        return mask(token if isinstance(token, str) else token.decode())

    def csrf_post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """POST a form with a valid token and the header a browser adds."""
        headers = {"Referer": ORIGIN + "/"} | dict(kwargs.pop("headers", {}))
        fields = {"csrf_token": self.csrf_token()} | (data or {})
        return self.post(path, data=fields, headers=headers, **kwargs)


def page_token(response: TestResponse) -> str:
    """The token in a page's first form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', response.text)
    assert found, "the page holds no form of ours"
    return found.group(1)
