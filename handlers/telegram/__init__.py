"""Telegram as a channel: updates in by polling or webhook, messages out by python-telegram-bot."""

import os

# python-telegram-bot hands out periods as timedelta only when told so, and warns on each one otherwise.
os.environ["PTB_TIMEDELTA"] = "1"
