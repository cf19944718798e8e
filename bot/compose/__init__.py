"""The composition root: the only place where the concrete parts meet."""
