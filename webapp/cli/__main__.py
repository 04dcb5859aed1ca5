"""`python -m webapp.cli`: the commands in a clone that was not installed."""

from __future__ import annotations

from webapp.cli.main import main

main()
