"""The sandbox's Bot API server, driven over real HTTP."""
