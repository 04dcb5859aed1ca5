"""The application for any WSGI server: `webapp.wsgi:app`. Refuses to start on another schema than its own."""

from __future__ import annotations

from webapp.app import create_app, settle
from webapp.config import Settings
from webapp.extensions import db
from webapp.services.storage import require_current
from webapp.views.request_log import write_to_stderr

settings = Settings.from_environment()
write_to_stderr()
app = create_app(settings)
with app.app_context():
    require_current(db.engine, settings)
    db.engine.dispose()  # a server may copy this process after importing it; connections must not be copied
settle()
