"""Hypothesis profiles: reproducible where ``CI`` is set, searching on a developer's machine; no policy is kept."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Every test reads policies from their files, and none writes into a folder of whoever runs it.
os.environ["AFTERSALES_CACHE"] = "off"

settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "dev")
