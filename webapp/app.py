"""create_app: puts the parts together, in order."""

from __future__ import annotations

import encodings.idna  # noqa: F401 (werkzeug encodes host names with it; threads that import it at once find half)
import gc
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_babel import get_locale
from jinja2 import StrictUndefined

from webapp import database, identity, jobs, security
from webapp.config import Settings
from webapp.extensions import babel, compress, csrf
from webapp.services import clock
from webapp.views import addresses, assets, audit_trail, errors, kept_html, language, maintenance, request_log
from webapp.views.registry import BLUEPRINTS

MAX_REQUEST_BYTES = 4 * 1024 * 1024
"""A text of the largest allowed size (2 MB), once as a file and once as form fields."""
FAST_COMPRESSION = 1
"""Pages are made anew for everybody; more effort would cost more than the few bytes it saves."""

ALLOCATIONS_BEFORE_COLLECTING = 10_000
"""Python's own 700 are reached several times a request."""


class SynchronousFlask(Flask):
    """Flask that does not ask each function, some fifteen times a request, whether it is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is; there are no `async def` views here."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Raises SettingsError where the environment is wrong."""
    settings = settings or Settings.from_environment()
    app = SynchronousFlask("webapp", static_folder=None)  # `assets` serves the files
    app.config.update(
        SECRET_KEY=settings.secret_key(),
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_LEVEL=FAST_COMPRESSION,
        COMPRESS_BR_LEVEL=FAST_COMPRESSION,
        WTF_CSRF_TIME_LIMIT=None,  # a learner may read for hours; the token dies with the session
    )
    app.extensions["readcheck_settings"] = settings
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["get_locale"] = get_locale
    app.jinja_env.globals["now"] = clock.now
    model = settings.language_model
    app.jinja_env.globals["language_model"] = model.model if model else ""  # pages say that texts go there
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    maintenance.init_app(app, settings)  # first: a closed site does nothing else for a request
    database.init_app(app, settings)
    audit_trail.init_app(app)
    csrf.init_app(app)
    babel.init_app(app)
    language.init_app(app)
    kept_html.init_app(app)
    compress.init_app(app)
    security.init_app(app, settings)
    identity.init_app(app, settings)
    jobs.init_app(app, settings)
    request_log.init_app(app)
    errors.init_app(app)
    assets.init_app(app, settings)
    addresses.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def settle() -> None:
    """For a server's worker, once the application is made: what is loaded by now stays.

    Not to walk all of it over and over saves a fifth of what a page costs.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS_BEFORE_COLLECTING)
