"""Every table, imported once, so that Alembic and the tests see them all."""

from __future__ import annotations

from webapp.models import account, attempt, course, item, module, operation, quiz
from webapp.models.base import Base

__all__ = ["Base", "account", "attempt", "course", "item", "module", "operation", "quiz"]
metadata = Base.metadata
