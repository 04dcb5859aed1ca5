"""What a response is worth: pure functions of what was asked and what was answered.

Belongs here: outcomes, partial credit, tolerant comparison. Does not: item types, storage, time.
"""
