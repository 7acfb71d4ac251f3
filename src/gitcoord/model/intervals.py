"""How sure a rate is: Wilson's interval, the difference of two rates, and a Beta's range.

Wilson's score interval (1927) holds for few trials and for rates near 0 and 1; that of a
difference is Newcombe's (1998, method 10). All are for 95 %, unless another quantile is given.
"""

from __future__ import annotations

from math import sqrt

Z = 1.959964


def shared(count: int) -> float:
    """Return the quantile at which so many comparisons share the 95 % (Bonferroni)."""
    from statistics import NormalDist  # takes longer to load than most questions need

    return NormalDist().inv_cdf(1 - 0.025 / max(1, count))


def wilson(successes: float, trials: float, z: float = Z) -> tuple[float, float]:
    """Return the interval of a rate; all that is possible where nothing was tried."""
    if trials <= 0:
        return 0.0, 1.0
    rate = successes / trials
    square = z * z
    middle = (rate + square / (2 * trials)) / (1 + square / trials)
    half = z * sqrt(rate * (1 - rate) / trials + square / (4 * trials * trials))
    half /= 1 + square / trials
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(
    one: tuple[float, float], other: tuple[float, float], z: float = Z
) -> tuple[float, float]:
    """Return the interval of the difference of two rates, each as successes and trials."""
    if one[1] <= 0 or other[1] <= 0:
        return -1.0, 1.0
    first, second = one[0] / one[1], other[0] / other[1]
    low_1, high_1 = wilson(*one, z)
    low_2, high_2 = wilson(*other, z)
    gap = first - second
    return (
        max(-1.0, gap - sqrt((first - low_1) ** 2 + (high_2 - second) ** 2)),
        min(1.0, gap + sqrt((high_1 - first) ** 2 + (second - low_2) ** 2)),
    )


def beta(alpha: float, beta: float) -> tuple[float, float]:
    """Return an approximate central interval of a Beta distribution.

    Wilson's interval of its mean with as many trials as it stands for: close to the exact
    quantiles from two outcomes on, and without a library.
    """
    low, high = wilson(alpha, alpha + beta)
    mean = alpha / (alpha + beta)
    return min(low, mean), max(high, mean)  # rounding must not put the mean outside
