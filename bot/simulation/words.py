"""What people of the simulated town say: invented sentences from `bot/data/simulation.toml`, put together by chance."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from random import Random

from bot.domain.places import Village


@dataclass(frozen=True, slots=True)
class Concern:
    """What somebody may complain of. `months` weighs the twelve months."""

    subtopic: str
    weight: float
    months: Sequence[float]
    says: Sequence[str]


class Saying:
    """Sentences by chance, the same for the same choices."""

    def __init__(self, data: Mapping[str, object], concerns: Sequence[Concern]) -> None:
        self._data = data
        self.concerns = concerns

    @classmethod
    def load(cls) -> "Saying":
        data = tomllib.loads(resources.files("bot.data").joinpath("simulation.toml").read_text(encoding="utf-8"))
        seasons = data["seasons"]
        concerns = [
            Concern(one["subtopic"], one["weight"], seasons[one.get("season", "all")], one["says"])
            for one in data["matter"]
        ]
        return cls(data, concerns)

    def all(self, *path: str) -> list[str]:
        """The sentences that stand at this place of the file. Raises KeyError."""
        found: object = self._data
        for name in path:
            found = found[name] if isinstance(found, dict) else ()
        if not isinstance(found, list):
            raise KeyError(path)
        return found

    def one(self, rng: Random, *path: str) -> str:
        """One of them."""
        return rng.choice(self.all(*path))

    def concern(self, rng: Random, day: date) -> Concern:
        """What bothers people at this time of the year."""
        weights = [one.weight * one.months[day.month - 1] for one in self.concerns]
        return rng.choices(self.concerns, weights)[0]

    def matter(self, rng: Random, concern: Concern, village: Village) -> str:
        """A villager's own words; one in six names no village."""
        pattern = self.one(rng, "nowhere" if rng.random() < 0.16 else "places")
        hamlets, marks = [hamlet.name for hamlet in village.hamlets] or [""], village.landmarks or ("村委会",)
        place = pattern.format(village=village.name, hamlet=rng.choice(hamlets), landmark=rng.choice(marks))
        mark = self.one(rng, "tags").format(n=rng.randint(1, 60))
        given = {"long": self.one(rng, "long"), "who": self.one(rng, "who"), "place": place + mark}
        ending = self.one(rng, "ends").format(**given)
        return self.one(rng, "openers") + rng.choice(concern.says).format(**given) + ending
