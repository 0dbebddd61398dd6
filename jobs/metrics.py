"""Numbers about the work, in the words of Prometheus; no account is named in them."""

from collections.abc import Iterator

from prometheus_client.core import CollectorRegistry, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from jobs import clock
from jobs.backlog import backlogs
from jobs.models import FollowUp, Heartbeat


class JobsCollector(Collector):
    """Reads the rows anew for each scrape: any web process gives the same answer."""

    def collect(self) -> Iterator[Metric]:
        yield from self._backlogs()
        yield self._heartbeats()
        failed = GaugeMetricFamily("catalog_follow_ups_failed", "Follow-ups given up.")
        failed.add_metric([], FollowUp.objects.filter(failed_at__isnull=False).count())
        yield failed

    def _backlogs(self) -> Iterator[Metric]:
        due = GaugeMetricFamily("catalog_jobs_due", "Jobs due and free.", labels=["job"])
        held = GaugeMetricFamily("catalog_jobs_held", "Jobs held by a worker.", labels=["job"])
        oldest = GaugeMetricFamily(
            "catalog_jobs_oldest_due_seconds", "How long the oldest has been due.", labels=["job"]
        )
        for backlog in backlogs(at=clock.now()):
            due.add_metric([backlog.label], backlog.due)
            held.add_metric([backlog.label], backlog.held)
            oldest.add_metric([backlog.label], backlog.oldest.total_seconds())
        yield from (due, held, oldest)

    def _heartbeats(self) -> Metric:
        ages = GaugeMetricFamily(
            "catalog_heartbeat_age_seconds", "Since the process was last seen.", labels=["process"]
        )
        now = clock.now()
        for heartbeat in Heartbeat.objects.order_by("pk"):
            ages.add_metric([heartbeat.pk], (now - heartbeat.beat_at).total_seconds())
        return ages


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(JobsCollector())
    return generate_latest(registry)
