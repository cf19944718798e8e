"""What comes in by another way than a villager's own words: matters that staff enter for somebody, and letters."""

import re
from random import Random

from bot.domain.cases import Rating
from bot.domain.places import Village
from bot.domain.town import Role
from bot.simulation.person import Matter, Person
from bot.simulation.staff import Staff
from bot.simulation.villagers import begin, guided, receipt
from bot.simulation.words import Concern
from bot.simulation.world import Script, Surprise

_CODE = re.compile(r"\b\d{4} \d{4} \d{4}\b")


def enter(staff: Person, rng: Random, concern: Concern, village: Village) -> Script:
    """`/assist`: the villager was told and agreed; then the questions, the receipt, and how they can be reached.
    Returns the matter and its receipt's code."""
    yield from staff.say("/assist")
    yield from staff.tap("assist.agreed")
    before = staff.phone.newest[-1].id
    yield from staff.say(staff.world.saying.matter(rng, concern, village))
    if not (yield from guided(staff, rng, concern, village, steady=True)):
        raise Surprise(f"{staff.phone.role}: joined what was to be entered")
    yield from staff.tap("submit.do_submit")
    said = " ".join(shown.text for shown in staff.phone.since(before))
    number, code = re.search(r"[A-Z0-9]+-\d{4}-\d{6}", said), _CODE.search(said)
    if number is None or code is None:
        raise Surprise(f"{staff.phone.role}: no receipt but {staff.phone.text[:30]!r}")
    if staff.sees("guest.none"):
        if rng.random() < 0.5:
            yield from staff.say(f"{staff.world.saying.one(rng, 'names')} 1380000{rng.randrange(10_000):04d}")
        else:
            yield from staff.tap("guest.none")
    staff.world.done["entered"] += 1  # now: who names a cadre does not see the card any more
    yield from staff.say(f"/case {number[0]}")
    buttons = [b.data for b in staff.phone.newest[-1].buttons if b.data.startswith("c:")]
    if not buttons:
        raise Surprise(f"{staff.phone.role}: no card but {staff.phone.text[:30]!r}")
    return Matter(int(buttons[0].split(":")[1]), number[0]), code[0]


def follow(villager: Person, code: str) -> Script:
    """With the receipt in hand: the case as it stands, and from now on every step."""
    yield from villager.say(f"/code {code}")
    yield from villager.tap("follow.yes")
    if villager.sees("privacy.agree"):
        yield from villager.tap("privacy.agree")


def note_rating(staff: Person, matter: Matter, round_: int, rating: Rating) -> Script:
    """The villager has no phone here: staff rang them up, and note what they said."""
    yield from staff.do(matter, "phoned")
    yield from staff.press(f"r:{matter.id}:{round_}:{rating}")


def write_letter(villager: Person, rng: Random, village: Village) -> Script:
    """By the page of one's deputies, to one of them. Returns the case; None where none of them has a page."""
    yield from begin(villager)
    yield from villager.say(f"/deputies {village.name}")
    if not (years := villager.offered(r"v:[a-z0-9-]+:year")):
        return None
    here = {seat.id for seat in villager.world.town.seats_of(Role.DEPUTY) if village.id in seat.villages}
    yield from villager.press(rng.choice([year for year in years if year.split(":")[1] in here]))
    seat = villager.phone.newest[-1].buttons[:1]
    if not seat or not seat[0].data.endswith(":letter"):
        return None  # nobody sits there now
    yield from villager.press(seat[0].data)
    yield from villager.say(villager.world.saying.one(rng, "letters"))
    return (yield from receipt(villager, "letter.send"))


def enterer(staff: Staff, rng: Random, village: Village) -> Person | None:
    """Somebody of the village's station or one of its deputies."""
    station = staff.world.town.station_of(village.id)
    seats = staff.world.town.seats_at(station.id if station else None, (Role.LIAISON, Role.STATION_HEAD, Role.DEPUTY))
    found = [person for seat in seats if (person := staff.present(seat.id))]
    return rng.choice(found) if found else None
