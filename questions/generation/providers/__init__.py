"""Who proposes items: the rules of this package, or a language model behind the same checks.

A provider only proposes. Whatever it gives goes through `verify`, the rules of the set and the same ranking;
nothing in here may let an item pass that the checks refuse.
"""
