"""The checklist that every item passes, whoever made it: rules, a language model, an import or a person.

Belongs here: one small function per numbered check, their list, and `verify`. Does not: repairing items.
"""
