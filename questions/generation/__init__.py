"""From an article to items worth asking: segment, analyse, propose, distract, verify, rank, select.

Belongs here: one step per file, one file per recipe. Does not: storage, people, the web.
"""
