"""Tables that generation reads, and the scripts that compile them. Not here: code that generates."""
