"""Placeholder line, replaced by the owner of this page."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("scores", __name__)
