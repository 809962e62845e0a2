"""Hypothesis profiles: reproducible where ``CI`` is set, searching on a developer's machine; a cache for this run."""

from __future__ import annotations

import os
import tempfile

from hypothesis import HealthCheck, settings

# Tests neither read nor write what whoever runs them has kept; within a run a policy is read from its files once.
_KEPT = tempfile.TemporaryDirectory(prefix="aftersales-")
os.environ["AFTERSALES_CACHE"] = _KEPT.name

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
