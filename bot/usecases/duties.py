"""Recording what deputies, stations and the office do, adding what came of it, striking errors, and reminding."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.cases import Case
from bot.domain.duties import FORMS, SUPPLEMENTED, Duty, DutyKind, Supplement, kinds_for, shortened
from bot.domain.messages import File
from bot.domain.people import Person
from bot.domain.periods import Period
from bot.domain.sentences import Reading
from bot.domain.text import t
from bot.domain.town import HEADS, Role, Seat, Station
from bot.ports.ledgers import DutyFilter
from bot.texts.catalogue import REFERENCE
from bot.usecases.attachments import usable
from bot.usecases.desk import Desk, people_of
from bot.usecases.moving import NotFoundError
from bot.usecases.roles import roles_of
from bot.usecases.standing import standing

REMIND_FROM = 25
"""The day of the month from which a deputy without a visit is reminded."""

AWAITED = timedelta(days=365)
"""How long a record is offered for what came of it."""

NOTICE = timedelta(days=3)
"""How long before a reception day those who asked hear of it."""


def today(desk: Desk) -> date:
    return desk.local(desk.now).date()


async def kinds_of(desk: Desk, person: Person) -> tuple[DutyKind, ...]:
    """What the person may record, from the seats that they hold now."""
    return kinds_for(frozenset(seat.role for seat in await roles_of(desk, person)))


async def seat_for(desk: Desk, person: Person, kind: DutyKind) -> Seat:
    """The first of the person's seats that may record this kind. Raises NotFoundError where none may."""
    for seat in await roles_of(desk, person):
        if seat.role in FORMS[kind].roles:
            return seat
    raise NotFoundError(kind)


async def record(
    desk: Desk, person: Person, kind: DutyKind, said: Reading, text: str, files: Sequence[File] = ()
) -> Duty:
    """Keep it. A deputy who records took part. Raises NotFoundError: may not record this kind (any more)."""
    seat = await seat_for(desk, person, kind)
    own = (seat.id,) if seat.role is Role.DEPUTY else ()
    duty = Duty(
        id=0,
        kind=kind,
        on=said.on,
        seat=seat.id,
        person=person.id,
        station=seat.station,
        text=text,
        created_at=desk.now,
        facts=said.facts,
        members=tuple(dict.fromkeys((*own, *said.members))),
        cases=tuple(case.number for case in await linked_cases(desk, said)),
        files=tuple(files),
        channel=person.channel,
    )
    return await desk.tx.duties.add(duty)


async def linked_cases(desk: Desk, said: Reading) -> list[Case]:
    """The cases that the sentence names; a sealed one is never linked, nor is it told that there is one."""
    year = desk.local(desk.now).year
    numbers = [n if "-" in n else f"{desk.town.code}-{year}-{int(n):06d}" for n in said.cases]
    found = [await desk.tx.cases.by_number(number) for number in numbers]
    return list({case.id: case for case in found if case and not case.sealed}.values())


async def twins(desk: Desk, person: Person, kind: DutyKind, on: date) -> list[Duty]:
    """Records of the same kind, day and station: perhaps the same event, which must not count twice."""
    station = (await seat_for(desk, person, kind)).station
    wanted = DutyFilter(on, on + timedelta(days=1), (kind,), station=station)
    return [duty for duty in await desk.tx.duties.find(wanted) if duty.station == station]


async def opener(desk: Desk, person: Person) -> Callable[[Duty], bool]:
    """Whether the person may open a record, add to it and take it back: who holds the seat that made it, and the
    office."""
    seats = await roles_of(desk, person)
    office, own = any(seat.role is Role.OFFICE for seat in seats), {seat.id for seat in seats}
    return lambda duty: duty.struck_at is None and (office or duty.seat in own)


async def opened(desk: Desk, person: Person, duty_id: int) -> Duty:
    """A record that the person may open. Raises NotFoundError."""
    duty = await desk.tx.duties.get(duty_id)
    if duty is None or not (await opener(desk, person))(duty):
        raise NotFoundError(duty_id)
    return duty


async def of_period(desk: Desk, person: Person, period: Period) -> list[Duty]:
    """What the person's seats recorded or took part in, the newest first; for the office also all that may be added
    to."""
    seats = await roles_of(desk, person)
    filters = [DutyFilter(period.first, period.end, seat=seat.id) for seat in seats]
    if any(seat.role is Role.OFFICE for seat in seats):
        filters.append(DutyFilter(period.first, period.end, SUPPLEMENTED))
    found = {duty.id: duty for wanted in filters for duty in await desk.tx.duties.find(wanted)}
    return sorted(found.values(), key=lambda duty: (duty.on, duty.id), reverse=True)


async def awaiting(desk: Desk, person: Person) -> list[Duty]:
    """Records of the last year that the person may add to and of which nothing has come yet, the newest first."""
    mine = await opener(desk, person)
    wanted = DutyFilter(today(desk) - AWAITED, kinds=SUPPLEMENTED)
    return [duty for duty in (await desk.tx.duties.find(wanted))[::-1] if mine(duty) and not duty.settled]


async def supplement(desk: Desk, person: Person, duty_id: int, on: date, text: str, files: Sequence[File] = ()) -> Duty:
    """Add to a record what came of it: nothing that was there is changed. Raises NotFoundError: may not (any more)."""
    duty = await opened(desk, person, duty_id)
    if not FORMS[duty.kind].supplemented:
        raise NotFoundError(duty_id)
    seats = await roles_of(desk, person)
    seat = next((one for one in seats if one.id == duty.seat), None) or next(s for s in seats if s.role is Role.OFFICE)
    await desk.tx.duties.supplement(duty_id, Supplement(on, seat.id, person.id, text, desk.now, tuple(files)))
    return await opened(desk, person, duty_id)


async def send_files(desk: Desk, person: Person, duty: Duty) -> int:
    """Re-send the files of a record and of what was added to it. Returns how many the person can get now."""
    found = [file for one in await desk.tx.duties.attachments(duty.id) if (file := usable(person, one))]
    await desk.send_files(person, found, t("duty.files_of", title=duty.title), key=desk.source, urgent=True)
    return len(found)


async def strike(desk: Desk, person: Person, duty_id: int) -> Duty:
    """Take a record back, with all that was added to it. Raises NotFoundError."""
    duty = await opened(desk, person, duty_id)
    await desk.tx.duties.strike(duty_id, desk.now)
    return duty


async def remind_of_visits(desk: Desk) -> int:
    """From the 25th, once a month: each deputy who has no visit on record for the month."""
    local = desk.local(desk.now)
    due = local.day >= REMIND_FROM and local.time() >= desk.rules.digest_at
    if not due or not await desk.tx.marks.once(f"visits:{local:%Y-%m}", desk.now):
        return 0
    month = Period.month_of(local.date())
    visits = await desk.tx.duties.find(DutyFilter(month.first, month.end, (DutyKind.VISIT,)))
    done = {seat for duty in visits for seat in (duty.seat, *duty.members)}
    now, late = await standing(desk), defaultdict[int, list[str]](list)
    for seat in desk.town.seats_of(Role.DEPUTY):
        if seat.id in now.holders and seat.id not in done and seat.id not in now.cover:
            late[now.holders[seat.id]].append(seat.name)
    people = await people_of(desk, list(late))
    for person in people:
        text = t("duty.remind_visit", month=local.month, name="、".join(late[person.id]))
        await desk.tell(person, text, [[(t("menu.duty"), "m:duty")]], key=f"visit:{local:%Y-%m}")
    return len(people)


async def announce_receptions(desk: Desk) -> int:
    """Three days before a reception day: the villagers who asked, and the station's own people. Each day once."""
    day = today(desk)
    if desk.local(desk.now).time() < desk.rules.digest_at:
        return 0
    told, days = 0, defaultdict[tuple[str | None, date], list[str]](list)
    for plan in await desk.tx.duties.find(DutyFilter(day, day + NOTICE + timedelta(days=1), (DutyKind.PLAN,))):
        days[plan.station, plan.on].append(shortened(plan.text))
    for (at, on), texts in days.items():
        station = desk.town.station(at)
        if station is None or not await desk.tx.marks.once(f"reception:{station.id}:{on}", desk.now):
            continue
        held = (await standing(desk)).acting
        staff = [held[seat.id] for seat in desk.town.seats_at(station.id, Role) if seat.id in held]
        said = tuple(t("plain", text=words) for words in texts)
        text = t("reception.notice", station=station.name, address=station.address, text=said, day=on.isoformat())
        for person in await people_of(desk, [*await desk.tx.duties.followers(station.id), *staff]):
            await desk.tell(person, text, key=f"reception:{station.id}:{on}")
            told += 1
    return told


async def move_receptions(desk: Desk, station: Station, heir: Station) -> None:
    """The announced reception days of a station that ends are another's from now on, and so are those who asked to hear
    of them."""
    note = desk.texts.render(REFERENCE, t("settings.plan_moved", name=station.name))
    for plan in await receptions_ahead(desk, station):
        await desk.tx.duties.strike(plan.id, desk.now)
        await desk.tx.duties.add(replace(plan, id=0, station=heir.id, text=f"{plan.text}{note}"))
    for person in await desk.tx.duties.followers(station.id):
        await desk.tx.duties.follow(person, heir.id)


async def remind_on_duty(desk: Desk) -> int:
    """On the morning of a reception day: the deputies whom its announcement names, or who stands in. Each day once."""
    day, told = today(desk), 0
    if desk.local(desk.now).time() < desk.rules.digest_at:
        return 0
    for plan in await desk.tx.duties.find(DutyFilter(day, day + timedelta(days=1), (DutyKind.PLAN,))):
        if not plan.members or not await desk.tx.marks.once(f"on_duty:{plan.id}", desk.now):
            continue
        acting = (await standing(desk)).acting
        station = desk.town.name_of("station", plan.station)
        for person in await people_of(desk, [acting[seat] for seat in plan.members if seat in acting]):
            text = t("reception.on_duty", station=station, text=shortened(plan.text))
            await desk.tell(person, text, [[(t("menu.duty"), "m:duty")]], key=f"on_duty:{plan.id}")
            told += 1
    return told


async def receptions_ahead(desk: Desk, station: Station) -> list[Duty]:
    """The station's announced reception days from today on, the next first."""
    return await desk.tx.duties.find(DutyFilter(today(desk), kinds=(DutyKind.PLAN,), station=station.id))


def on_duty(desk: Desk, station: Station) -> str:
    """Who sits at the station: its heads, then its deputies."""
    seats = (*desk.town.seats_at(station.id, HEADS), *desk.town.seats_at(station.id, (Role.DEPUTY,)))
    return "、".join(seat.name for seat in seats)
