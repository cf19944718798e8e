"""乡音: the core (domain, dialogue, use cases) and the root (command line, composition)."""
