"""Any journey at all: people of both sides do whatever comes to their minds, and the rules hold after every step."""
