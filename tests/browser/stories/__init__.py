"""Whole journeys through both portals."""
