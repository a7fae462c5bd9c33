# Quantiles of the normal distribution: the middle, both tails, far out, and what is refused.
from _statistics import _normal_dist_inv_cdf as quantile
from statistics import NormalDist

for p in (0.5, 0.1, 0.9, 0.07, 0.93, 1e-5, 1e-12, 1e-300, 5e-324, 1 - 1e-16, 0.075, 0.925):
    print(p, quantile(p, 0.0, 1.0), quantile(p, 100, 15))
print(NormalDist(10, 2).quantiles(5), NormalDist().inv_cdf(0.975), quantile(float("nan"), 0, 1))
for arguments in ((0, 0, 1), (1, 0, 1), (0.5, 0, 0), (0.5, 0, -1), ("x", 0, 1)):
    try: print(quantile(*arguments))
    except (ValueError, TypeError) as error: print(type(error).__name__, error)
