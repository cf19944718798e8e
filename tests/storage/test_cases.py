"""Cases: numbered without gaps, saved with their history, found by who must see them."""

import asyncio
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.cases import Actor, AnswerClass, Attachment, Case, Consent, Kind, Rating, Solved, act
from bot.domain.machine import OPEN_STATES, Action, Clock, Part, State
from bot.domain.messages import File, FileKind, Location
from bot.ports import CaseFilter, Said, Sought, StaleCase, StoreRefusal
from storage.schema import cases
from storage.store import SqlStore
from tests.storage.samples import MINUTE, NOW, fresh_case, person, register, sql

DEPUTY = Actor(Part.DEPUTY, None, "deputy_1")


class TestNumbers:
    async def test_numbers_are_consecutive_within_a_code_and_a_year(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            assert await tx.cases.next_number("ZJ", 2026) == "ZJ-2026-000001"
            assert await tx.cases.next_number("ZJ", 2026) == "ZJ-2026-000002"
            assert await tx.cases.next_number("ZJ", 2027) == "ZJ-2027-000001"
            assert await tx.cases.next_number("XX", 2026) == "XX-2026-000001"

    async def test_a_number_whose_transaction_failed_is_given_out_again(self, store: SqlStore) -> None:
        async def fail() -> None:
            async with store.begin() as tx:
                await tx.cases.next_number("ZJ", 2026)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await fail()
        async with store.begin() as tx:
            assert await tx.cases.next_number("ZJ", 2026) == "ZJ-2026-000001"

    async def test_numbers_have_no_gaps_and_no_twins_when_many_register_and_some_fail(self, store: SqlStore) -> None:
        async def register_one(n: int) -> str:
            async with store.begin() as tx:
                number = await tx.cases.next_number("ZJ", 2026)
                await asyncio.sleep(0.001)
                if n % 3 == 0:
                    raise RuntimeError
                return number

        found = await asyncio.gather(*(register_one(n) for n in range(24)), return_exceptions=True)
        numbers = sorted(one for one in found if isinstance(one, str))
        assert numbers == [f"ZJ-2026-{n:06d}" for n in range(1, 17)]


class TestOneCase:
    async def test_a_case_comes_back_as_it_was(self, store: SqlStore) -> None:
        whole = Case(
            id=0,
            number="ZJ-2026-000001",
            kind=Kind.HELP,
            state=State.NEEDS_MORE,
            version=3,
            text="冇水飲\n三日了 😢",
            village="longwan",
            hamlet="上村",
            topic="water",
            subtopic="supply",
            station="station_a",
            deputy="deputy_1",
            urgent=True,
            restricted=True,
            sealed=True,
            created_at=NOW,
            updated_at=NOW + MINUTE,
            due_at=NOW + 2 * MINUTE,
            paused_at=NOW + 3 * MINUTE,
            resume=State.WITH_STATION,
            closed_at=NOW + 4 * MINUTE,
            reopened=1,
            answer="修好了",
            answer_class=AnswerClass.B,
            rating=Rating.FAIR,
            solved=Solved.PARTLY,
            confidence=0.123456789012345,
            location=Location(22.123456, 111.654321),
            head="ab" * 32,
            clock=Clock.SUBTOPIC,
            since=NOW + 5 * MINUTE,
            reached=2,
            next_at=NOW + 6 * MINUTE,
            handler="water",
            helpers=("power", "works"),
            returned=True,
            extended=True,
            checked=True,
            merged_into=7,
            consent=Consent.ASKED,
            published="修好了",
            told=True,
            terms="3d 5d 3",
        )
        assert all(getattr(whole, f.name) not in (None, "", False) for f in fields(Case) if f.name != "id")
        async with store.begin() as tx:
            added = await tx.cases.add(whole)
            assert added == replace(whole, id=added.id)
            assert added.id != 0
            assert await tx.cases.get(added.id) == added
            assert await tx.cases.get(added.id, lock=True) == added
            assert await tx.cases.by_number("ZJ-2026-000001") == added

    async def test_what_is_empty_stays_empty(self, store: SqlStore) -> None:
        none = dict.fromkeys(("village", "hamlet", "topic", "subtopic", "station", "deputy"))
        async with store.begin() as tx:
            case = await tx.cases.add(fresh_case("n", **none))
            assert await tx.cases.get(case.id) == case

    async def test_a_case_that_is_not_there_is_none(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            assert await tx.cases.get(1) is None
            assert await tx.cases.get(1, lock=True) is None
            assert await tx.cases.by_number("ZJ-2026-000001") is None
            assert await tx.cases.events(1) == []

    async def test_a_number_belongs_to_one_case(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            await tx.cases.add(fresh_case("n"))
        with pytest.raises(StoreRefusal):
            async with store.begin() as tx:
                await tx.cases.add(fresh_case("n"))

    def test_every_field_of_a_case_has_its_column(self) -> None:
        names = {field.name for field in fields(Case)} - {"location"} | {"latitude", "longitude"}
        assert {column.name for column in cases.c} == names


class TestHistory:
    async def test_a_move_changes_the_case_and_adds_to_its_history(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            author = await person(tx)
            case = await register(tx, author)
            move = act(case, Action.TAKE, DEPUTY, NOW + MINUTE, data={"note": "好", "n": [1, {"b": 2.5}]})
            await tx.cases.save(move)
        async with store.begin() as tx:
            assert await tx.cases.get(case.id) == move.case
            first, second = await tx.cases.events(case.id)
            assert second == move.event
            assert (first.seq, first.person, first.before, first.after) == (
                1,
                None,
                None,
                State.REGISTERED,
            )

    async def test_the_chain_of_hashes_holds_after_reading_it_back(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            case = await register(tx, await person(tx))
            for action in (Action.TAKE, Action.ASK_MORE, Action.REPLY):
                data = {"文": "冇\0人", "x": 1e300, "deep": {"b": None, "a": [True]}}
                move = act(case, action, DEPUTY, case.updated_at + MINUTE, data=data)
                await tx.cases.save(move)
                case = move.case
        async with store.begin() as tx:
            events = await tx.cases.events(case.id)
            assert [event.previous for event in events] == ["", *(e.digest() for e in events[:-1])]
            stored = await tx.cases.get(case.id)
            assert stored
            assert stored.head == events[-1].digest()

    async def test_a_case_that_somebody_else_moved_is_stale_and_stays_as_they_left_it(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            seen = await register(tx)
            taken = act(seen, Action.TAKE, DEPUTY, NOW)
            await tx.cases.save(taken)
        with pytest.raises(StaleCase):
            async with store.begin() as tx:
                await tx.cases.save(act(seen, Action.HAND_UP, DEPUTY, NOW))
        async with store.begin() as tx:
            assert await tx.cases.get(seen.id) == taken.case
            assert len(await tx.cases.events(seen.id)) == 2

    async def test_a_case_that_is_not_there_cannot_be_saved(self, store: SqlStore) -> None:
        with pytest.raises(StaleCase):
            async with store.begin() as tx:
                await tx.cases.save(act(fresh_case("n", id=99), Action.TAKE, DEPUTY, NOW))

    async def test_of_many_who_move_one_case_at_once_one_does(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            seen = await register(tx)

        async def take() -> None:
            async with store.begin() as tx:
                await tx.cases.save(act(seen, Action.TAKE, DEPUTY, NOW))
                await asyncio.sleep(0.001)

        done = await asyncio.gather(*(take() for _ in range(6)), return_exceptions=True)
        assert [type(one) for one in done].count(type(None)) == 1
        assert [type(one) for one in done].count(StaleCase) == 5

    async def test_those_who_lock_the_case_move_it_one_after_another(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            first = await register(tx)

        async def note() -> None:
            async with store.begin() as tx:
                case = await tx.cases.get(first.id, lock=True)
                assert case
                await asyncio.sleep(0.001)
                await tx.cases.save(act(case, Action.NOTE, DEPUTY, NOW))

        await asyncio.gather(*(note() for _ in range(6)))
        async with store.begin() as tx:
            assert [event.seq for event in await tx.cases.events(first.id)] == list(range(1, 8))

    @pytest.mark.parametrize(
        "attack", ["UPDATE case_events SET action = 'x'", "DELETE FROM case_events", "DELETE FROM cases"]
    )
    async def test_the_database_refuses_to_edit_history(self, store: SqlStore, attack: str) -> None:
        async with store.begin() as tx:
            case = await register(tx)
        with pytest.raises(StoreRefusal):
            await sql(store, attack)
        async with store.begin() as tx:
            assert [event.action for event in await tx.cases.events(case.id)] == ["register"]

    async def test_postgresql_refuses_to_truncate_history(self, shared_store: SqlStore) -> None:
        with pytest.raises(StoreRefusal) as refused:
            await sql(shared_store, "TRUNCATE case_events")
        assert "append-only" in str(refused.value.__cause__)


class TestFinding:
    async def _numbers(self, store: SqlStore, wanted: CaseFilter) -> list[str]:
        async with store.begin() as tx:
            found = [case.number for case in await tx.cases.find(wanted)]
            assert await tx.cases.count(wanted) == len(found)
            return found

    async def test_all_are_found_newest_first(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            for number in "abc":
                await register(tx, number=number)
        assert await self._numbers(store, CaseFilter()) == ["c", "b", "a"]

    async def test_each_field_narrows(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            author = await person(tx)
            await register(tx, number="village", village="other")
            await register(tx, number="topic", topic="other")
            await register(tx, number="sealed", sealed=True, recused=(7,))
            await register(tx, number="state", state=State.ANSWERED)
            mine = await register(tx, author, number="author")
            await tx.cases.link(mine.id, (await person(tx, "200")).id, "supporter")
        assert await self._numbers(store, CaseFilter(village="other")) == ["village"]
        assert await self._numbers(store, CaseFilter(topic="other")) == ["topic"]
        assert await self._numbers(store, CaseFilter(sealed=True)) == ["sealed"]
        assert await self._numbers(store, CaseFilter(recused=True)) == ["sealed"]
        assert "sealed" not in await self._numbers(store, CaseFilter(recused=False))
        assert await self._numbers(store, CaseFilter(sealed=False, village="other")) == ["village"]
        assert await self._numbers(store, CaseFilter(sealed=True, village="other")) == []
        assert await self._numbers(store, CaseFilter(states=frozenset({State.ANSWERED}))) == ["state"]
        assert await self._numbers(store, CaseFilter(states=frozenset())) == []
        assert await self._numbers(store, CaseFilter(author=author.id)) == ["author"]
        assert await self._numbers(store, CaseFilter(author=author.id + 1)) == []

    async def test_seats_and_stations_are_alternatives(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            for deputy, station in (("d1", "s1"), ("d2", "s1"), ("d2", "s2"), ("d3", "s3"), (None, None)):
                await register(tx, number=f"{deputy} {station}", deputy=deputy, station=station)
        assert await self._numbers(store, CaseFilter(seats=("d2",))) == ["d2 s2", "d2 s1"]
        assert await self._numbers(store, CaseFilter(stations=("s1", "s3"))) == ["d3 s3", "d2 s1", "d1 s1"]
        both = CaseFilter(seats=("d3",), stations=("s1",))
        assert await self._numbers(store, both) == ["d3 s3", "d2 s1", "d1 s1"]
        assert await self._numbers(store, replace(both, states=frozenset({State.CLOSED}))) == []

    async def test_a_limit_keeps_the_newest_but_does_not_change_the_count(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            for number in "abc":
                await register(tx, number=number)
            wanted = CaseFilter(limit=2)
            assert [case.number for case in await tx.cases.find(wanted)] == ["c", "b"]
            assert await tx.cases.count(wanted) == 3

    async def test_orphans_are_open_cases_on_a_seat_that_nobody_holds(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            await register(tx, number="held", deputy="d1")
            await register(tx, number="vacant", deputy="d2")
            await register(tx, number="office", deputy=None)
            for state in State:
                await register(tx, number=state, state=state, deputy="d3")
            found = {case.number for case in await tx.cases.orphans(["d1"])}
            assert found == {"vacant", *OPEN_STATES}
            assert {case.number for case in await tx.cases.orphans(iter([]))} == {"held", *found}

    async def test_stranded_are_open_cases_of_a_station_that_is_not_there(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            await register(tx, number="there", station="s1")
            await register(tx, number="office", station=None)
            for state in State:
                await register(tx, number=state, state=state, station="s2")
            assert {case.number for case in await tx.cases.stranded(["s1"])} == OPEN_STATES


class TestWhoAndWhat:
    async def test_a_case_knows_its_author_apart_from_its_supporters(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            author, other = await person(tx), await person(tx, "200")
            case = await register(tx)
            assert await tx.cases.author(case.id) is None
            await tx.cases.link(case.id, author.id, "author")
            await tx.cases.link(case.id, author.id, "author")
            await tx.cases.link(case.id, other.id, "supporter")
            assert await tx.cases.author(case.id) == author.id
            assert await tx.cases.is_author(case.id, author.id)
            assert not await tx.cases.is_author(case.id, other.id)
            assert await tx.cases.supports(case.id, other.id)
            assert not await tx.cases.supports(case.id, author.id)

    async def test_what_is_said_in_one_place_is_the_newest_that_everybody_may_know_of(self, store: SqlStore) -> None:
        there: dict[str, Any] = {"village": "shilong", "topic": "roads"}
        async with store.begin() as tx:
            await register(tx, number="1", text="最早的", **there)
            await register(tx, number="2", text="别处的", village="datang", topic="roads")
            await register(tx, number="3", text="了结的", state=State.ARCHIVED, **there)
            plain = await register(tx, number="4", text="坏路", **there)
            grave = await register(tx, number="5", text="塌方", urgent=True, **there)
            await register(tx, number="6", text="密件", sealed=True, **there)
            await register(tx, number="7", text="少数人可看", restricted=True, **there)
            await register(tx, number="8", text="叫人", kind=Kind.HELP, **there)
            found = await tx.cases.said("shilong", "roads", 5)
            assert found == [Said(grave.id, "塌方", True), Said(plain.id, "坏路", False)]

    @pytest.mark.parametrize("part", ["author", "autor"])
    async def test_a_second_author_or_an_unknown_part_is_refused(self, store: SqlStore, part: str) -> None:
        async with store.begin() as tx:
            author, other = await person(tx), await person(tx, "200")
            case = await register(tx, author)
        with pytest.raises(StoreRefusal):
            async with store.begin() as tx:
                await tx.cases.link(case.id, other.id, part)

    async def test_attachments_keep_their_order(self, store: SqlStore) -> None:
        def photo(n: int, stage: str) -> Attachment:
            return Attachment(File(FileKind.PHOTO, f"ref{n}", f"u{n}"), "telegram", stage, n)

        async with store.begin() as tx:
            case = await register(tx)
            await tx.cases.attach(case.id, [])
            await tx.cases.attach(case.id, (photo(n, "before") for n in (3, 1)))
            await tx.cases.attach(case.id, [photo(2, "after")])
            found = await tx.cases.attachments(case.id)
            assert [(one.file.ref, one.stage, one.event) for one in found] == [
                ("ref3", "before", 3),
                ("ref1", "before", 1),
                ("ref2", "after", 2),
            ]
            assert await tx.cases.attachments(case.id + 1) == []


async def test_a_moment_without_a_zone_is_refused(store: SqlStore) -> None:
    async with store.begin() as tx:
        case = fresh_case("n", due_at=(NOW + timedelta(days=1)).replace(tzinfo=None))
        with pytest.raises(Exception, match="no time zone"):
            await tx.cases.add(case)


class TestSearch:
    async def test_every_term_must_be_met_by_the_text_the_place_or_the_topic(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            for number, (text, village) in enumerate([("100% ABC 路灯", "a"), ("路灯", "b"), ("垃圾", "a")], 1):
                await tx.cases.add(replace(fresh_case(f"ZJ-2026-{number:06d}"), text=text, village=village))
            top = await tx.cases.newest()
            ids = range(top + 1)

            async def met(*terms: Sought, ids: range = ids) -> list[int]:
                return [int(case.number[-1]) for case in await tx.cases.search(terms, (), (), ids, 10)]

            assert await met(Sought(("路灯",))) == [2, 1]
            assert await met(Sought(("路灯",)), Sought(("no",), villages=("a",))) == [1]
            assert await met(Sought(("abc",))) == [1]
            assert await met(Sought(("0%",))) == [1]
            assert await met(Sought(("%",)), Sought(("垃圾",))) == []
            assert await met(Sought(("路灯",)), ids=range(top)) == [2, 1]
            assert await met(Sought(("路灯",)), ids=range(top - 1, top)) == [2]
            assert await met(Sought(("路灯", "垃圾"))) == [3, 2, 1]

    async def test_of_an_empty_store_nothing_is_newest(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            assert await tx.cases.newest() == 0
