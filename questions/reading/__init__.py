"""From a file to an article: sections, blocks and sentences that remember their place.

Belongs here: file formats in, the cut into sections, offsets. Does not: what a sentence means.
"""
