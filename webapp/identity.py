"""Who is signed in and what they may do.

Belongs here: the current account, guests, access levels of routes. Only this file and models/account.py know
flask_security.
"""

from __future__ import annotations

from flask import Flask

from webapp.config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Tie accounts and access levels to the application."""
