"""By which weights questions are ranked: those of the program, or what the operator had fitted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from webapp.services.errors import Refused

if TYPE_CHECKING:
    from questions.generation.rank import Weights


def chosen_weights(file: Path | None) -> Weights | None:
    """The ranking weights that the operator had fitted; None without a file. Raises Refused."""
    from questions.generation.rank import read_weights

    try:
        return None if file is None else read_weights(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refused("weights", f"The file of ranking weights cannot be used: {error}") from error
