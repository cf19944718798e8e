"""`GET /metrics`: figures for Prometheus. No personal data: nothing here names a chat, a person or a case."""

import time
from collections.abc import Iterator
from datetime import datetime

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.domain.channel import Outcome, Transport
from bot.domain.messages import Outgoing
from bot.ports import Figures
from handlers.web.health import Pulse

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What this process counts itself; the queues are read from the database when somebody asks."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._sends = Counter("xiangyin_sends", "Messages handed to the channel", ["outcome"], registry=self._registry)
        self._seconds = Histogram(
            "xiangyin_send_seconds", "How long the channel took to answer", registry=self._registry
        )

    def counted(self, transport: Transport) -> Transport:
        """The same transport, with each send counted by its outcome (sent, retryin, unreachable, refused, moved)."""
        return _Counted(transport, self._sends, self._seconds)

    async def text(self, pulse: Pulse) -> bytes:
        """The page. `xiangyin_up` is 0 where the database takes nothing; where it does not answer, its figures are
        missing."""
        try:
            figures = await pulse.figures()
        except Exception:
            figures = None
        up = figures is not None and pulse.ails() is None
        moment = _Moment(up, figures, pulse.last_good(), pulse.clock.now())
        self._registry.register(moment)
        try:
            return generate_latest(self._registry)
        finally:
            self._registry.unregister(moment)


def metrics_routes(pulse: Pulse, metrics: Metrics) -> list[web.RouteDef]:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics.text(pulse), headers={"Content-Type": CONTENT_TYPE})

    return [web.get("/metrics", page)]


class _Counted:
    def __init__(self, transport: Transport, sends: Counter, seconds: Histogram) -> None:
        self._transport, self._sends, self._seconds = transport, sends, seconds

    async def send(self, message: Outgoing) -> Outcome:
        began = time.monotonic()
        outcome = await self._transport.send(message)
        self._seconds.observe(time.monotonic() - began)
        self._sends.labels(type(outcome).__name__.lower()).inc()
        return outcome


class _Moment(Collector):
    """The gauges of one moment."""

    def __init__(self, up: bool, figures: Figures | None, polled: datetime | None, now: datetime) -> None:
        self._up, self._figures, self._polled, self._now = up, figures, polled, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found, age = self._figures, self._age
        yield GaugeMetricFamily("xiangyin_up", "1 while the database answers and takes what comes", float(self._up))
        if self._polled:
            yield GaugeMetricFamily("xiangyin_poll_age_seconds", "Since the last good poll", age(self._polled))
        if found is None:
            return
        for name, words, value in (
            ("inbox_waiting", "Updates not yet handled", found.inbox_waiting),
            ("inbox_age_seconds", "How long the oldest of them has waited", age(found.inbox_since)),
            ("inbox_parked", "Updates set aside with an error", found.inbox_parked),
            ("outbox_due", "Messages that could leave now", found.outbox_due),
            ("outbox_age_seconds", "How long the oldest of them has been due", age(found.outbox_since)),
            ("outbox_dead", "Messages given up", found.outbox_dead),
            ("cases_overdue", "Cases past their time limit", found.cases_overdue),
        ):
            yield GaugeMetricFamily(f"xiangyin_{name}", words, value)
        states = GaugeMetricFamily("xiangyin_cases", "Open cases", labels=["state"])
        for state, count in found.cases.items():
            states.add_metric([state], count)
        yield states

    def _age(self, since: datetime | None) -> float:
        return max(0.0, (self._now - since).total_seconds()) if since else 0.0
