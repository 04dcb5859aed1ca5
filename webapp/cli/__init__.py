"""What an operator runs: `readcheck ...`, also as `flask readcheck ...`. Thin commands over services."""
