"""Queries, one file per aggregate: the only place that writes select().

Belongs here: get_x, list_x, count_x, add_x. Does not: rules, commits.
"""
