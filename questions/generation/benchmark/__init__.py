"""How good the generator is, in numbers: guessers without understanding, planted flaws, coverage, speed.

Belongs here: measuring. Does not: anything that changes what is generated.
"""
