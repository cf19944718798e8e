"""`simulate`: wires the simulated town, plays its year on a database of its own, and counts it over again."""

import resource
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from bot.compose.desk import Desks, tagger_for
from bot.compose.engine import noting_unreachable
from bot.compose.office import ledger_of
from bot.compose.stores import open_town_store
from bot.compose.verify import verify
from bot.config import SAMPLE_CONFIG, Settings, load_configuration, load_settings
from bot.config.keyfile import NAME as KEYS
from bot.config.keyfile import make_keys
from bot.delivery import Sender
from bot.domain.periods import Period
from bot.domain.rates import outcome_of, rates
from bot.learner import Learner, LiveTagger
from bot.pacing import SendLimits
from bot.ports import Store
from bot.simulation.outcome import Outcome, Tally
from bot.simulation.phones import CHANNEL, Phones
from bot.simulation.recount import Counts, recount
from bot.simulation.words import Saying
from bot.simulation.world import Parts, PushedClock, World
from bot.simulation.year import Year
from bot.sweep import Sweep
from bot.usecases.seats import first_invite
from bot.worker import Worker
from storage.migrate import migrate
from storage.tallies import tally

CONFIG = "config.toml"
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be simulated. `activity` (0 to 1): how busy deputies and stations are besides cases. `until`: an
    end before the year's.
    """

    year: int
    cases: int
    seed: int = 1
    activity: float = 1.0
    until: datetime | None = None


def town_in(folder: Path, database: str | None = None, environ: Mapping[str, str] = NOTHING) -> Settings:
    """A copy of the sample town in the folder, with its database there or at `database`, and keys of its own.

    Raises FileExistsError where a town is there already: a simulated year never mixes with another; ConfigError,
    OSError.
    """
    config = folder / CONFIG
    if config.exists():
        raise FileExistsError(config)
    folder.mkdir(parents=True, exist_ok=True)
    for file in SAMPLE_CONFIG.parent.glob("*.toml"):
        shutil.copy(file, folder / file.name)
    url = database or "sqlite:simulated.sqlite"
    with config.open("a", encoding="utf-8") as out:
        out.write(f'\n[storage]\nurl = "{url}"\n\n[identity]\nkeys_file = "{KEYS}"\n')
    make_keys(folder / KEYS)
    return load_settings(config, environ)


async def simulate(settings: Settings, plan: Plan, told: Callable[[datetime], None] = lambda month: None) -> Outcome:
    """Play the year and check it. `told` hears of each month. Raises FileExistsError (somebody's data), ConfigError."""
    began, worked = time.perf_counter(), time.process_time()
    await migrate(settings.storage.address().get_secret_value())
    store = await open_town_store(settings, alone=True)
    try:
        year = await _play(settings, store, plan, told)
    finally:
        await store.close()
    return await _checked(settings, plan, year, began, worked)


async def _play(settings: Settings, store: Store, plan: Plan, told: Callable[[datetime], None]) -> Year:
    configuration = load_configuration(settings)
    town, zone = configuration.town, configuration.town.zone
    clock, phones = PushedClock(datetime(plan.year, 1, 1, 8, 5, tzinfo=zone).astimezone(UTC)), Phones()
    reader = LiveTagger(tagger_for(settings, town))
    desks = Desks(configuration, reader, "simulated_bot")
    unreachable = noting_unreachable(store)
    parts = Parts(
        store,
        Worker(store, {CHANNEL: phones}, desks, clock, batch=64),
        Sweep(store, desks, clock),
        Sender(store, CHANNEL, phones, clock, SendLimits.none(), parallel=64, on_unreachable=unreachable),
        Learner(store, reader, clock),
    )
    calendar = settings.calendar.work_calendar()
    world = World(town, clock, phones, parts, configuration.texts, Saying.load(), calendar, plan.seed)
    year = Year(world, plan.year, plan.cases, plan.activity)
    async with store.begin() as tx:
        code = await first_invite(desks(tx, clock.now(), "open"))
    if code is None:
        raise FileExistsError(settings.storage.url)
    world.play(year.open(code))
    await world.run(plan.until or datetime(plan.year, 12, 31, 23, 50, tzinfo=zone).astimezone(UTC), told)
    return year


async def _checked(settings: Settings, plan: Plan, year: Year, began: float, worked: float) -> Outcome:
    """Verify every history, and count everything over again another way."""
    world, period = year.world, Period.parse(str(plan.year))
    _, events, wrong = await verify(settings)
    url = settings.storage.address().get_secret_value()
    tallies = tally(url, *period.moments(world.town.zone), period.first, period.end)
    counts = Counts(**{field.name: getattr(tallies, field.name) for field in fields(Counts)})
    async with ledger_of(settings) as (ledger, _):
        wrong += await recount(ledger, period, counts, world.clock.now())
        found = rates(outcome_of(record.case) for record in await ledger.cases(period))
    wrong += [f"{number}: nobody was told" for number in year.staff.untold]
    wrong += [
        f"{what}: {world.done[what]} done, {number} in the tables"
        for what, number in tallies.besides.items()
        if world.done[what] != number
    ]
    if tallies.parked:
        wrong.append(f"{tallies.parked} updates could not be handled")
    return Outcome(
        year=plan.year,
        config=settings.file,
        tally=Tally(**{field.name: getattr(tallies, field.name) for field in fields(Tally)}),
        received=world.phones.received,
        sent=world.phones.sent,
        voters=year.villagers.count,
        joined=year.joined,
        given_up=year.given_up,
        events=events,
        rates=found,
        wrong=wrong,
        surprises=world.surprises,
        seconds=time.perf_counter() - began,
        work=time.process_time() - worked,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )
