"""Which items make a quiz, and in which order, from a seed; and which sentences they leave unasked.

Belongs here: pure choices over items, and what a set of them leaves out. Does not: attempts, learners,
storage.
"""
