"""The question engine: reads articles, makes and checks items, grades responses.

Belongs here: whatever can be said of a text, an item and a response without knowing who asks.
Does not: the web, a database, the clock, the network (but for providers), randomness without a seed.
"""
