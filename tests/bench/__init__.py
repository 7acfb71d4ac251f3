"""How quick and how small, as ratios against baselines run beside: `make bench`."""
