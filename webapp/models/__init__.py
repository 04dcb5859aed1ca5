"""Tables, one file per aggregate: plain SQLAlchemy 2, typed, no Flask.

Belongs here: columns, constraints, relationships. Does not: queries (repositories), rules (services).
"""
