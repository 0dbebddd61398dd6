"""The models of leased work."""

from jobs.models.follow_up import FollowUp
from jobs.models.heartbeat import Heartbeat
from jobs.models.leased_job import LeasedJob
from jobs.models.periodic_run import PeriodicRun

__all__ = ["FollowUp", "Heartbeat", "LeasedJob", "PeriodicRun"]
