"""Receipts, polls and announcements, and who announcements are sent to."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.announcements import Announcement, Tally
from bot.domain.machine import State
from bot.domain.polls import Count, Poll, PollKind
from bot.domain.receipts import Receipt
from storage.store import SqlStore
from tests.storage.samples import MINUTE, NOW, person, register, sql, text

LEASE = NOW + MINUTE


def poll_of(person_id: int, **changes: object) -> Poll:
    plain = Poll(
        0, PollKind.OPINION, "先修哪条路？", ("东", "西"), ("longwan",), NOW, NOW + timedelta(days=7), person_id
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


async def test_a_receipt_is_found_by_its_case_its_code_and_its_seat(store: SqlStore) -> None:
    async with store.begin() as tx:
        clerk = await person(tx)
        first, second = await register(tx), await register(tx)
        kept = [Receipt(case.id, clerk.id, "shilong-head", NOW, "1") for case in (first, second)]
        for receipt, code in zip(kept, ("111111111111", "222222222222"), strict=True):
            await tx.receipts.put(receipt)
            await tx.receipts.set_code(receipt.case_id, code)
    async with store.begin() as tx:
        assert await tx.receipts.of(first.id) == kept[0]
        assert await tx.receipts.by_code("222222222222") == kept[1]
        assert await tx.receipts.by_code("333333333333") is None
        assert await tx.receipts.entered(["shilong-head", "x"], 5) == kept[::-1]
        assert await tx.receipts.entered(["shilong-head"], 1) == kept[1:]
        linked = replace(kept[0], linked_at=NOW)
        await tx.receipts.put(linked)
        assert await tx.receipts.by_code("111111111111") == linked
        await tx.receipts.set_code(first.id, "333333333333")
        assert await tx.receipts.by_code("111111111111") is None
        assert await tx.receipts.by_code("333333333333") == linked
    stored = str(await sql(store, "SELECT * FROM receipts"))
    assert not any(code in stored for code in ("111111111111", "222222222222", "333333333333"))


async def test_wrong_codes_are_counted_by_account_and_in_all_and_forgotten(store: SqlStore) -> None:
    async with store.begin() as tx:
        for minutes, account, found in ((1, "a", False), (2, "b", False), (3, "a", True), (4, "a", False)):
            await tx.receipts.log_try(account, NOW + minutes * MINUTE, found=found)
        assert await tx.receipts.wrong(NOW) == [NOW + n * MINUTE for n in (1, 2, 4)]
        assert await tx.receipts.wrong(NOW + MINUTE, "a") == [NOW + 4 * MINUTE]
        await tx.receipts.expire(NOW, NOW + 3 * MINUTE)
        assert await tx.receipts.wrong(NOW) == [NOW + 4 * MINUTE]


async def test_codes_end_with_the_retention_of_their_case(store: SqlStore) -> None:
    async with store.begin() as tx:
        clerk = await person(tx)
        old = await register(tx, state=State.CLOSED, closed_at=NOW - timedelta(days=200))
        new = await register(tx, state=State.CLOSED, closed_at=NOW)
        running = await register(tx)
        for case in (old, new, running):
            await tx.receipts.put(Receipt(case.id, clerk.id, "s", NOW, "1"))
            await tx.receipts.set_code(case.id, f"{case.id:012d}")
        await tx.receipts.expire(NOW - timedelta(days=100), NOW)
        found = [await tx.receipts.by_code(f"{case.id:012d}") for case in (old, new, running)]
        assert [one is not None for one in found] == [False, True, True]


async def test_a_poll_is_read_back_listed_due_and_closed(store: SqlStore) -> None:
    async with store.begin() as tx:
        clerk = await person(tx)
        one = await tx.polls.add(poll_of(clerk.id))
        two = await tx.polls.add(poll_of(clerk.id, kind=PollKind.SATISFACTION, subject="供水", seats=("s1",)))
    async with store.begin() as tx:
        assert await tx.polls.get(one.id) == one
        assert await tx.polls.get(99) is None
        assert await tx.polls.newest(5) == [two, one]
        assert await tx.polls.newest(5, [PollKind.OPINION]) == [one]
        assert await tx.polls.due(one.closes_at - MINUTE) == []
        assert await tx.polls.due(one.closes_at) == [one, two]
        await tx.polls.close(one.id, NOW)
        assert await tx.polls.get(one.id, lock=True) == replace(one, closed_at=NOW)
        assert await tx.polls.due(one.closes_at) == [two]


async def test_each_votes_once_and_nothing_stored_says_who_chose_what(store: SqlStore) -> None:
    async with store.begin() as tx:
        people = [await person(tx, str(n)) for n in range(3)]
        poll = await tx.polls.add(poll_of(people[0].id))
        assert [await tx.polls.vote(poll.id, each.id, n % 2) for n, each in enumerate(people)] == [True] * 3
        assert not await tx.polls.vote(poll.id, people[0].id, 1)
        assert await tx.polls.count(poll.id) == Count({0: 2, 1: 1})
        assert await tx.polls.voted(poll.id, people[0].id)
        assert not await tx.polls.voted(poll.id, 99)
    columns = {name for row in await sql(store, "SELECT * FROM poll_voters") for name in row._asdict()}
    assert columns == {"poll_id", "person_id"}
    columns = {name for row in await sql(store, "SELECT * FROM poll_votes") for name in row._asdict()}
    assert columns == {"poll_id", "choice", "votes"}


async def test_an_announcement_is_kept_with_how_far_it_got(store: SqlStore) -> None:
    async with store.begin() as tx:
        clerk = await person(tx)
        poll = await tx.polls.add(poll_of(clerk.id))
        one = await tx.announcements.add(Announcement(0, "停水", ("longwan",), clerk.id, "office-1", NOW, 3))
        two = await tx.announcements.add(Announcement(0, "", (), clerk.id, "office-1", NOW, 3, poll.id))
        assert await tx.announcements.newest(1) == [two]
        assert await tx.announcements.of_poll(poll.id) == two
        assert await tx.announcements.unfinished() == [one, two]
        done = replace(one, cursor=None, done_at=NOW, delivered=2, unreachable=1)
        await tx.announcements.save(done)
        assert await tx.announcements.get(one.id, lock=True) == done
        assert await tx.announcements.unfinished() == [two]


async def test_a_batch_in_the_outbox_is_counted_and_what_waits_is_withdrawn(store: SqlStore) -> None:
    async with store.begin() as tx:
        for number in range(4):
            await tx.outbox.add("telegram", text(str(number)), key=f"k{number}", at=NOW, batch="announcement:1")
        await tx.outbox.add("telegram", text("9"), key="other", at=NOW)
        rows = await tx.outbox.claim("telegram", NOW, 3, LEASE, "w")
        await tx.outbox.sent(rows[0].id, NOW, "1")
        await tx.outbox.dead(rows[1].id, NOW, "blocked")
        assert await tx.outbox.tally("announcement:1") == Tally(waiting=2, sent=1, dead=1)
        assert await tx.outbox.withdraw("announcement:1") == 1
        assert await tx.outbox.tally("announcement:1") == Tally(waiting=1, sent=1, dead=1)
        assert await tx.outbox.tally("announcement:2") == Tally()
        assert [row.key for row in await tx.outbox.rows()] == ["k0", "k1", "k2", "other"]


async def test_a_scrubbed_message_says_nothing_any_more(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.outbox.add("telegram", text("1", "1234 5678 9012"), key="k", at=NOW)
        (row,) = await tx.outbox.claim("telegram", NOW, 1, LEASE, "w")
        await tx.outbox.scrub(row.id)
    assert "1234" not in str(await sql(store, "SELECT message FROM outbox"))


async def test_announcements_go_to_those_of_the_village_who_agreed_take_them_and_can_be_reached(
    store: SqlStore,
) -> None:
    async with store.begin() as tx:
        people = [replace(await person(tx, str(n)), consent="1", last_village="longwan") for n in range(7)]
        changes: dict[int, dict[str, object]] = {
            1: {"consent": None},
            2: {"notices": False},
            3: {"reachable": False},
            4: {"home": "datang"},
            5: {"last_village": "datang", "home": "longwan"},
            6: {"last_village": None},
        }
        people = [replace(one, **changes.get(n, {})) for n, one in enumerate(people)]  # type: ignore[arg-type]
        for one in people:
            await tx.people.save(one)
            await tx.people.save_reach(one)
            assert await tx.people.get(one.id) == one
        ids = [one.id for one in people]
        assert await tx.people.audience(["longwan"], 0, 10) == [ids[0], ids[5]]
        assert await tx.people.audience(["longwan"], ids[0], 10) == [ids[5]]
        assert await tx.people.audience(["longwan", "datang"], 0, 2) == [ids[0], ids[4]]
        assert await tx.people.audience_size(["longwan", "datang"]) == 3
        assert await tx.people.audience_size([]) == 4
