"""The Telegram channel: the only place, with the composition root, that imports telegram."""
