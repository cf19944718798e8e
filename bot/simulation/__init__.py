"""A simulated town: people who write and tap, over the real worker, sweep and sender, with a clock that is pushed."""
