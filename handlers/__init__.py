"""How people reach the bot: one package a channel."""
