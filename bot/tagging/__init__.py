"""Reading a villager's words offline: which village, which topic, how urgent, like which other text."""
