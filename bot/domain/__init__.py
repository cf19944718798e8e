"""What the town knows, as plain values and pure functions: no Telegram, no SQL, no clock."""
