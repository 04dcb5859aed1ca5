"""Property tests of the engine: the same cases in every run, and no clock, since the machine may be busy."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "engine", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("engine")
