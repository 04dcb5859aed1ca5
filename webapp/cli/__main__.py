"""`python -m webapp.cli`: how the server starts its worker, wherever it was installed."""

from __future__ import annotations

from webapp.cli.main import main

main()
