"""Recipes: each turns facts of a section into proposals of one kind; none knows another.

Belongs here: one file per recipe and the registry that lists them.
"""
