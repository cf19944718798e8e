"""Where the bot remembers: the only place that imports SQLAlchemy."""
