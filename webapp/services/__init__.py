"""Use cases: one public function per thing a person can do. They flush and never commit.

Belongs here: rules. Does not: requests, forms, SQL.
"""
