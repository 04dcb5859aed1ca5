"""What an operator runs: `readcheck ...` and `flask readcheck ...`."""

from __future__ import annotations

import click


@click.group()
def cli() -> None:
    """Readcheck: an article becomes a learning module."""


def main() -> None:
    """Run the command line."""
    cli()
