"""Which items make a quiz, and in which order, from a seed.

Belongs here: pure choices over items. Does not: attempts, learners, storage.
"""
