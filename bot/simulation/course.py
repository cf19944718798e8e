"""One case on its way: its people, and what they do with it one after the other."""

from dataclasses import dataclass, field
from random import Random

from bot.domain.cases import Case
from bot.simulation.person import Matter, Person
from bot.simulation.staff import Staff
from bot.simulation.world import Look, Script, World, seen


@dataclass
class Course:
    world: World
    staff: Staff
    matter: Matter
    author: Person
    rng: Random
    joined: list[Person] = field(default_factory=list)  # who stands behind it
    speaker: Person | None = None  # of the staff, who speaks with a villager without a telephone
    code: str = ""  # of the receipt that this villager has

    @property
    def out_of_reach(self) -> bool:
        """Whether the villager can be asked nothing in chat."""
        return self.author.phone.blocked or self.speaker is not None

    def look(self) -> Script:
        case, _ = seen((yield Look(self.matter.id)))
        return case

    def supervised(self) -> Script:
        """Whether a supervision of it is open."""
        return seen((yield Look(self.matter.id)))[1]

    def by(self, person: Person, word: str, text: str = "", *choices: str, photos: int = 0) -> Script:
        """One action of one person; with words where it needs them, and with the taps that end it."""
        if text:
            yield from person.alone(person.write(self.matter, word, text, *choices, photos=photos))
        else:
            yield from person.alone(person.do(self.matter, word))

    def words(self, *path: str) -> str:
        return self.world.saying.one(self.rng, *path)

    def works(self, low: float, high: float, case: Case | None = None) -> Script:
        """Working days pass; more of them where the place is a slow one."""
        pace = self.staff.slow(case) if case else 1.0
        yield self.world.desk_hour(self.rng, round(self.rng.uniform(low, high) * pace))

    def lives(self, low: int, high: int) -> Script:
        """Days pass, until the villager takes the phone."""
        yield self.world.home_hour(self.rng, self.rng.randint(low, high))

    def chance(self, part: float) -> bool:
        return self.rng.random() < part

    def some(self, *parts: tuple[str, float]) -> str:
        """One of the names, by its weight."""
        return self.rng.choices([name for name, _ in parts], [weight for _, weight in parts])[0]

    def photos(self) -> int:
        return self.rng.choice((0, 0, 0, 1, 2))
