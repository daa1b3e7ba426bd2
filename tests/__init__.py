"""Tests read as sentences about people and rules."""
