"""The application for any WSGI server: `webapp.wsgi:app`. Refuses to start on another schema than its own."""

from __future__ import annotations

from webapp.app import create_app
from webapp.views.request_log import write_to_stderr

write_to_stderr()
app = create_app()
