"""Placeholder line, replaced by the owner of this page."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("preferences", __name__)
