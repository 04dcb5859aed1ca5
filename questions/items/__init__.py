"""Item types: one file each, found by name in the registry, none knowing another.

Belongs here: what a type asks, reads, grades and says of itself. Does not: how it looks on a page.
"""
