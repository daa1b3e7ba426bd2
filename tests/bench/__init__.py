"""Speed as ratios: our pages against a bare page of the same bytes, in one interleaved run."""
