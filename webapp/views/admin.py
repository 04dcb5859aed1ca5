"""Placeholder line, replaced by the owner of this page."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("admin", __name__)
