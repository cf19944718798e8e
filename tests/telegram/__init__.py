"""Tests of Telegram as a channel."""
