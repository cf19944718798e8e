"""Tests of the offline tagger."""
