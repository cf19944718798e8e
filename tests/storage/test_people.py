"""People, seats and invites."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.machine import State
from bot.domain.people import Appointment, Invite, Person, hash_code
from bot.ports import StoreRefusal, Tx
from storage.store import SqlStore
from tests.storage.samples import MINUTE, NOW, person, register, sql

DAY = timedelta(days=1)


def _invite(code: str, seat: str = "station_head", by: int | None = None, minutes: int = 0) -> Invite:
    made = NOW + minutes * MINUTE
    return Invite(0, hash_code(code), seat, by, made, made + DAY)


async def test_a_person_is_found_by_account_and_by_id(store: SqlStore) -> None:
    async with store.begin() as tx:
        made = await tx.people.add("telegram", "100", "chat", "en", NOW)
        assert made == Person(made.id, "telegram", "100", "chat", "en", True, None, None)
        assert await tx.people.find("telegram", "100") == made
        assert await tx.people.get(made.id) == made
        assert await tx.people.find("web", "100") is None
        assert await tx.people.find("telegram", "101") is None
        assert await tx.people.get(made.id + 1) is None


async def test_what_changed_about_a_person_is_saved(store: SqlStore) -> None:
    async with store.begin() as tx:
        made = await person(tx)
        other = await person(tx, "200")
        changed = replace(made, chat="9", lang="en", reachable=False, consent="v2", last_village="longwan", weekly=True)
        await tx.people.save(changed)
        await tx.people.save_reach(changed)
        assert await tx.people.get(made.id) == changed
        assert await tx.people.get(other.id) == other


async def test_a_case_was_agreed_to_when_its_author_last_agreed_before_it(store: SqlStore) -> None:
    """A later notice changes nothing of that; of whom no moment was kept, and of the forgotten, none is known."""
    async with store.begin() as tx:
        made, old = await person(tx), await person(tx, "200")
        for notice, at in (("v1", NOW - DAY), ("v1", NOW), ("v2", NOW), ("v3", NOW + DAY)):
            await tx.people.agreed(made.id, notice, at)
        for minutes, author in ((-1, made), (0, made), (0, old)):
            await register(tx, author, created_at=NOW + minutes * MINUTE)
        read = [record.agreed_at for record in await tx.registers.cases(NOW - DAY, NOW + DAY)]
        assert read == [NOW - DAY, NOW, None]
        await tx.people.forget(made.id, NOW + DAY)
        assert {record.agreed_at for record in await tx.registers.cases(NOW - DAY, NOW + DAY)} == {None}
    assert await sql(store, "SELECT count(*) FROM consents") == [(0,)]


async def test_an_account_has_one_person_however_many_meet_it_at_once(store: SqlStore) -> None:
    async def meet() -> Person:
        async with store.begin() as tx:
            return await person(tx)

    found = await asyncio.gather(*(meet() for _ in range(8)))
    assert len({one.id for one in found}) == 1
    assert await sql(store, "SELECT count(*) FROM people") == [(1,)]


async def test_a_forgotten_person_leaves_cases_with_nobody_behind_them(store: SqlStore) -> None:
    async with store.begin() as tx:
        author, other = await person(tx), await person(tx, "200")
        await tx.people.save(replace(author, consent="v1", last_village="longwan"))
        case = await register(tx, author)
        theirs = await register(tx, other)
        await tx.cases.link(theirs.id, author.id, "supporter")
        await tx.drafts.start(author.id, "submit", "describe", {"text": "secret"}, NOW)
        await tx.people.appoint("deputy_1", author.id, NOW)
        await tx.people.forget(author.id, NOW + DAY)
    async with store.begin() as tx:
        assert await tx.people.get(author.id) is None
        assert await tx.people.find("telegram", "100") is None
        assert await tx.drafts.current(author.id) is None
        assert await tx.cases.get(case.id) == case
        assert await tx.cases.author(case.id) is None
        assert not await tx.cases.is_author(case.id, author.id)
        assert len(await tx.cases.events(case.id)) == 1
        assert await tx.people.holders() == {}
        assert await tx.people.get(other.id) == other
        assert await tx.cases.author(theirs.id) == other.id


async def test_a_forgotten_person_who_writes_again_is_somebody_new(store: SqlStore) -> None:
    async with store.begin() as tx:
        first = await person(tx)
        await tx.people.save(replace(first, consent="v1"))
        await tx.people.forget(first.id, NOW)
        again = await person(tx)
        assert again.id != first.id
        assert again.consent is None


async def test_nothing_of_a_forgotten_person_is_left_but_a_number(store: SqlStore) -> None:
    async with store.begin() as tx:
        made = await person(tx)
        await tx.people.save(replace(made, consent="v1", last_village="longwan"))
        await tx.people.forget(made.id, NOW)
    assert await sql(store, "SELECT consent, last_village FROM people") == [(None, None)]
    assert await sql(store, "SELECT count(*) FROM accounts") == [(0,)]


async def test_contacts_expire_some_time_after_the_last_case_was_closed(store: SqlStore) -> None:
    async with store.begin() as tx:
        done, working, seated, drafting, fresh = [await person(tx, str(n)) for n in range(5)]
        old = await register(tx, done, state=State.CLOSED, closed_at=NOW)
        await register(tx, done, state=State.CLOSED, closed_at=NOW)
        await register(tx, working, state=State.CLOSED, closed_at=NOW)
        kept = await register(tx, working)
        await tx.people.appoint("deputy_1", seated.id, NOW)
        await tx.drafts.start(drafting.id, "submit", "a", {}, NOW)
        late = await tx.people.add("telegram", "late", "late", "zh-CN", NOW + DAY)
        assert await tx.people.expire(NOW, NOW + DAY) == 0
        assert await tx.people.expire(NOW + MINUTE, NOW + DAY) == 2
        for gone in (done, fresh):
            assert await tx.people.get(gone.id) is None
        for stays in (working, seated, drafting, late):
            assert await tx.people.get(stays.id) == stays
        assert await tx.cases.author(old.id) is None
        assert await tx.cases.author(kept.id) == working.id
        assert await tx.cases.get(old.id) == old


class TestSeats:
    async def test_a_person_on_a_seat_is_its_holder(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            made = await person(tx)
            held = await tx.people.appoint("deputy_1", made.id, NOW)
            also = await tx.people.appoint("station_head", made.id, NOW)
            assert held == Appointment(held.id, "deputy_1", made.id, NOW, None, "")
            assert await tx.people.holder("deputy_1") == made
            assert await tx.people.seats_of(made.id) == [held, also]
            assert await tx.people.holders() == {"deputy_1": made.id, "station_head": made.id}
            assert await tx.people.holder("liaison") is None

    async def test_who_comes_onto_a_seat_replaces_who_held_it(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            one, two = await person(tx), await person(tx, "200")
            await tx.people.appoint("deputy_1", one.id, NOW)
            await tx.people.appoint("deputy_1", two.id, NOW + DAY)
            assert await tx.people.holder("deputy_1") == two
            assert await tx.people.seats_of(one.id) == []
        assert await sql(store, "SELECT reason FROM appointments ORDER BY id") == [("replaced",), ("",)]

    async def test_an_ended_appointment_says_when_and_why(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            made = await person(tx)
            held = await tx.people.appoint("deputy_1", made.id, NOW)
            ended = await tx.people.end("deputy_1", NOW + DAY, "withdrawn")
            assert ended == replace(held, until=NOW + DAY, reason="withdrawn")
            assert await tx.people.holder("deputy_1") is None
            assert await tx.people.end("deputy_1", NOW + DAY, "withdrawn") is None

    async def test_a_seat_has_one_holder_however_many_are_appointed_at_once(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            made = [await person(tx, str(n)) for n in range(6)]

        async def appoint(one: Person) -> Appointment:
            async with store.begin() as tx:
                return await tx.people.appoint("deputy_1", one.id, NOW)

        given = await asyncio.gather(*(appoint(one) for one in made))
        async with store.begin() as tx:
            assert await tx.people.holders() == {"deputy_1": max(given, key=lambda a: a.id).person}

    async def test_the_database_itself_refuses_two_on_one_seat(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            made = await person(tx)
            await tx.people.appoint("deputy_1", made.id, NOW)
        with pytest.raises(StoreRefusal):
            await sql(
                store,
                "INSERT INTO appointments (seat, person_id, since, reason) "
                "SELECT seat, person_id, since, reason FROM appointments",
            )


class TestInvites:
    async def test_an_invite_is_found_by_its_hash_only(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            made = await tx.people.add_invite(_invite("code"))
            assert made.id != 0
            assert await tx.people.invite(hash_code("code")) == made
            assert await tx.people.invite("code") is None

    async def test_a_used_invite_is_still_found_and_cannot_be_used_again(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            by, user = await person(tx), await person(tx, "200")
            made = await tx.people.add_invite(_invite("code", by=by.id))
            await tx.people.use_invite(made.id, user.id, NOW + MINUTE)
            used = replace(made, used_at=NOW + MINUTE, used_by=user.id)
            assert await tx.people.invite(hash_code("code")) == used
            with pytest.raises(LookupError):
                await tx.people.use_invite(made.id, by.id, NOW)
            assert await tx.people.invite(hash_code("code")) == used

    async def test_a_new_invite_ends_the_earlier_ones_to_its_seat(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            first = await tx.people.add_invite(_invite("one"))
            other = await tx.people.add_invite(_invite("other", "deputy_1"))
            second = await tx.people.add_invite(_invite("two"))
            ended = await tx.people.invite(first.code_hash)
            assert ended
            assert ended.expires_at < second.created_at
            assert await tx.people.invite(other.code_hash) == other
            assert await tx.people.open_invites("station_head", NOW) == 1

    async def test_an_expired_invite_keeps_the_time_at_which_it_expired(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            first = await tx.people.add_invite(_invite("one"))
            await tx.people.add_invite(_invite("two", minutes=3 * 24 * 60))
            assert await tx.people.invite(first.code_hash) == first

    async def test_open_invites_are_neither_used_nor_expired(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            made = await tx.people.add_invite(_invite("one"))
            assert await tx.people.open_invites("station_head", NOW + DAY - MINUTE) == 1
            assert await tx.people.open_invites("station_head", NOW + DAY) == 0
            assert await tx.people.open_invites("deputy_1", NOW) == 0
            await tx.people.use_invite(made.id, (await person(tx)).id, NOW)
            assert await tx.people.open_invites("station_head", NOW) == 0

    async def test_of_many_who_use_an_invite_at_once_one_gets_the_seat(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            made = [await person(tx, str(n)) for n in range(6)]
            await tx.people.add_invite(_invite("code"))

        async def take(tx: Tx, one: Person) -> bool:
            found = await tx.people.invite(hash_code("code"))
            assert found
            if found.used_at:
                return False
            await asyncio.sleep(0.005)
            await tx.people.use_invite(found.id, one.id, NOW)
            await tx.people.appoint(found.seat, one.id, NOW)
            return True

        async def press(one: Person) -> bool:
            async with store.begin() as tx:
                return await take(tx, one)

        assert sorted(await asyncio.gather(*map(press, made))) == [False] * 5 + [True]
