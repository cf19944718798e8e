"""Reads a sentence: which village, which topic, how urgent, and which words say so."""
