"""Where: villages (行政村/社区) with their hamlets (自然村/村民小组), each with aliases."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Hamlet:
    """自然村 or 村民小组 inside a village."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Village:
    """行政村 or 社区; `id` is the short stable key used in rows and buttons."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    hamlets: tuple[Hamlet, ...] = ()
    landmarks: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    sample: bool = field(default=False)
