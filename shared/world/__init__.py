"""The stage: rooms, their clock, their post. Knows neither rules nor web."""
