"""A town to try on one machine: a local Bot API server and a page of phones."""
