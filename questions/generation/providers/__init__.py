"""Who proposes items: the rules of this package, or (later) a language model behind the same checks."""
