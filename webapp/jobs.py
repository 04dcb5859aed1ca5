"""Work that outlives a request: the queue, the worker, and the rows that tell how far it is."""
