"""The settings in chat: what may be changed, how each kind of value reads and is written, and the way through it."""
