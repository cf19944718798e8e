"""What people send is fetched, checked and kept; a case never waits for it, and it can be deleted."""

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.cases import Attachment
from bot.domain.channel import Fetched, Missing, RetryIn, TooLarge
from bot.domain.files import FileState
from bot.domain.messages import OutgoingKind
from bot.fetching import Fetcher
from storage.filestore import stored
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import CHANNEL, ChatClient, LocalTown
from tests.support.films import PICTURES, PLACE, film
from tests.support.pictures import bomb, jpeg, office, place_of


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def attachments(place: LocalTown) -> list[Attachment]:
    async with place.store.begin() as tx:
        return await tx.cases.attachments(1)


async def states(place: LocalTown) -> list[FileState]:
    return [one.state for one in await attachments(place)]


async def refs(client: ChatClient) -> list[str]:
    """What files this person was sent, oldest first."""
    return [file.ref for message in await client.all() for file in message.files]


async def submit_with(crew: Crew, *files: tuple[str, bytes]) -> list[str]:
    await crew.villager.say(LAMP)
    sent = [await crew.villager.file(kind, data) for kind, data in files]
    await crew.villager.tap("下一步")
    await crew.villager.tap("提交")
    return sent


def on_disk(tmp_path: Path) -> list[Path]:
    return list(stored(tmp_path / "files"))


class TestKeeping:
    async def test_a_photo_is_sent_on_at_once_and_kept_sealed_without_its_place(
        self, crew: Crew, place: LocalTown, tmp_path: Path
    ) -> None:
        original = jpeg(place=True)
        [ref] = await submit_with(crew, ("photo", original))
        assert await refs(crew.deputy) == [ref], "the card waits for nothing"
        assert await states(place) == [FileState.WAITING]
        await place.fetcher.drain()
        [one] = await attachments(place)
        assert (one.state, one.type) == (FileState.KEPT, "image/jpeg")
        assert one.name
        kept = await place.files.get(one.name)
        assert place_of(original)
        assert place_of(kept) == {}
        [path] = on_disk(tmp_path)
        assert path.name == one.name
        assert kept[:20] not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
        assert await refs(crew.deputy) == [ref], "and nothing comes twice"

    async def test_a_picture_sent_as_a_document_reaches_staff_only_as_it_was_made_anew(
        self, crew: Crew, place: LocalTown
    ) -> None:
        await submit_with(crew, ("document", jpeg(place=True)))
        assert await refs(crew.deputy) == []
        await place.fetcher.drain()
        [one] = await attachments(place)
        assert await refs(crew.deputy) == await refs(crew.head) == [f"stored:{one.name}"]
        assert await refs(crew.villager) == []

    async def test_a_film_reaches_staff_only_without_what_tells_where_it_was_made(
        self, crew: Crew, place: LocalTown
    ) -> None:
        await submit_with(crew, ("video", film()))
        assert await refs(crew.deputy) == []
        await place.fetcher.drain()
        [one] = await attachments(place)
        assert await refs(crew.deputy) == await refs(crew.head) == [f"stored:{one.name}"]
        assert one.name
        kept = await place.files.get(one.name)
        assert PICTURES in kept
        assert PLACE not in kept

    async def test_a_document_waits_for_its_check_and_then_goes_out_by_reference(
        self, crew: Crew, place: LocalTown
    ) -> None:
        [ref] = await submit_with(crew, ("document", office()))
        assert await refs(crew.head) == []
        await place.fetcher.drain()
        assert await refs(crew.head) == [ref]

    async def test_what_staff_send_reaches_the_villager_likewise(self, crew: Crew, place: LocalTown) -> None:
        await crew.villager.submit(LAMP)
        await crew.head.press("c:1:reply")
        await crew.head.file("document", b"%PDF-1.7\n", "请看这份通知")
        await crew.head.tap("发出")
        assert await refs(crew.villager) == []
        await place.fetcher.drain()
        [ref] = await refs(crew.villager)
        assert ref.startswith("document")

    async def test_photos_of_a_visit_are_kept_too(self, crew: Crew, place: LocalTown, tmp_path: Path) -> None:
        await crew.deputy.say("/duty")
        await crew.deputy.tap("月访")
        await crew.deputy.file("photo", jpeg(), "3月1日走访石龙村5户")
        await crew.deputy.tap("完成")
        await place.fetcher.drain()
        assert len(on_disk(tmp_path)) == 1

    async def test_staff_can_have_all_files_again(self, crew: Crew, place: LocalTown) -> None:
        [photo, document] = await submit_with(crew, ("photo", jpeg()), ("document", b"%PDF-1.7\n"))
        await place.fetcher.drain()
        before = len(await refs(crew.office))
        await crew.office.press("c:1:files")
        assert (await refs(crew.office))[before:] == [photo, document]
        await crew.villager.press("c:1:files")
        stranger = place.client("stranger")
        await stranger.press("c:1:files")
        assert await refs(stranger) == await refs(crew.villager) == []

    async def test_somebody_on_another_channel_gets_a_kept_file_from_our_store(
        self, crew: Crew, place: LocalTown
    ) -> None:
        async with place.store.begin() as tx:
            person = await tx.people.add("web", "w1", "w1", "zh-CN", place.clock.now())
            await tx.people.appoint("shilong-head", person.id, place.clock.now())
        await submit_with(crew, ("voice", b"OggS" + b"\0" * 40))
        other = place.client("w1")
        assert await refs(other) == []
        await place.fetcher.drain()
        [one] = await attachments(place)
        assert await refs(other) == [f"stored:{one.name}"]


class TestRefusing:
    @pytest.mark.parametrize(
        ("kind", "data", "words"),
        [
            ("document", bomb(), "请当“照片”发"),
            ("document", b"MZ" + b"\0" * 100, "收不了"),
            ("document", office("word/document.xml", "word/vbaProject.bin"), "带有程序"),
            ("photo", jpeg()[:500], "打不开"),
            ("video", b"\0\0\0\x20ftypisom" + b"\0" * 1_000_000, "超过 20 MB"),
        ],
    )
    async def test_what_is_not_taken_is_told_to_who_sent_it(
        self, crew: Crew, place: LocalTown, tmp_path: Path, kind: str, data: bytes, words: str
    ) -> None:
        await submit_with(crew, (kind, data))
        await place.fetcher.drain()
        assert words in await crew.villager.last()
        assert "ZJ-2026-000001" in await crew.villager.last()
        assert await states(place) == [FileState.REFUSED]
        assert on_disk(tmp_path) == []
        if kind == "document":
            await crew.office.press("c:1:files")
            assert await refs(crew.head) == await refs(crew.office) == []
            assert "没有能看的附件" in await crew.office.last()

    async def test_a_case_takes_sixty_files_and_says_so(self, crew: Crew, place: LocalTown) -> None:
        await crew.villager.submit(LAMP)
        for _ in range(7):
            await crew.villager.press("c:1:supply")
            for _ in range(9):
                await crew.villager.file("photo", jpeg(20, 20))
            await crew.villager.tap("发完了")
        assert len(await attachments(place)) == 60
        assert any("已满 60 个" in message.text for message in await crew.villager.all())


class Weak:
    """A channel that fails so often before it gives a file out."""

    def __init__(self, *outcomes: Fetched | TooLarge | Missing | RetryIn) -> None:
        self.outcomes: Sequence[Fetched | TooLarge | Missing | RetryIn] = outcomes
        self.asked = 0

    async def fetch(self, ref: str, most: int) -> Fetched | TooLarge | Missing | RetryIn:
        self.asked += 1
        return self.outcomes[min(self.asked, len(self.outcomes)) - 1]


def fetcher_of(place: LocalTown, source: Weak, attempts: int = 40) -> Fetcher:
    desk_for, clock = place.desk_for, place.clock
    return Fetcher(place.store, CHANNEL, source, place.files, desk_for, clock, most_bytes=10**6, attempts=attempts)


class TestTryingAgain:
    async def test_a_channel_that_fails_is_asked_again_later(self, crew: Crew, place: LocalTown) -> None:
        await submit_with(crew, ("photo", jpeg()))
        source = Weak(RetryIn(timedelta(seconds=5), "network"), RetryIn(timedelta(), "network"), Fetched(jpeg()))
        fetcher = fetcher_of(place, source)
        await fetcher.drain()
        assert source.asked == 1
        assert await states(place) == [FileState.WAITING]
        for _ in range(2):
            place.clock.push(seconds=5)
            await fetcher.drain()
        assert await states(place) == [FileState.KEPT]

    async def test_a_fetch_that_was_broken_off_is_taken_up_by_another(self, crew: Crew, place: LocalTown) -> None:
        await submit_with(crew, ("photo", jpeg()))
        async with place.store.begin() as tx:
            [claimed] = await tx.files.claim(CHANNEL, place.clock.now(), 5, place.clock.now() + timedelta(minutes=5))
            assert await tx.files.claim(CHANNEL, place.clock.now(), 5, place.clock.now()) == []
        await place.fetcher.drain()
        assert await states(place) == [FileState.WAITING]
        place.clock.push(minutes=5)
        await place.fetcher.drain()
        [one] = await attachments(place)
        assert (one.state, one.name) == (FileState.KEPT, claimed.name), "under the very same name"

    async def test_after_many_tries_it_is_given_up_and_the_case_goes_on(self, crew: Crew, place: LocalTown) -> None:
        await submit_with(crew, ("photo", jpeg()))
        fetcher = fetcher_of(place, Weak(RetryIn(timedelta(), "network")), attempts=3)
        for _ in range(4):
            await fetcher.drain()
            place.clock.push(hours=2)
        assert await states(place) == [FileState.LOST]
        await crew.head.press("c:1:take")
        assert (await crew.case()).state == "with_station"

    async def test_a_store_that_cannot_be_written_loses_nothing(
        self, crew: Crew, place: LocalTown, tmp_path: Path
    ) -> None:
        (tmp_path / "files").write_text("in the way")
        await submit_with(crew, ("photo", jpeg()))
        await place.fetcher.drain()
        assert await states(place) == [FileState.WAITING]
        (tmp_path / "files").unlink()
        place.clock.push(hours=1)
        await place.fetcher.drain()
        assert await states(place) == [FileState.KEPT]


class TestDeleting:
    async def test_who_is_forgotten_takes_their_files_along_and_the_count_stays(
        self, crew: Crew, place: LocalTown, tmp_path: Path
    ) -> None:
        await submit_with(crew, ("photo", jpeg()), ("voice", b"OggS" + b"\0" * 40))
        await crew.head.press("c:1:reply")
        await crew.head.file("photo", jpeg(), "换好了")
        await crew.head.tap("发出")
        await place.fetcher.drain()
        assert len(on_disk(tmp_path)) == 3
        await crew.villager.press("p:forget!")
        found = await attachments(place)
        assert [one.state for one in found] == [FileState.GONE, FileState.GONE, FileState.KEPT]
        assert [(one.file.ref, one.sender, one.name) for one in found[:2]] == [("", None, None)] * 2
        place.clock.push(minutes=11)
        await place.fetcher.drain()
        assert [path.name for path in on_disk(tmp_path)] == [found[2].name]
        async with place.store.begin() as tx:
            [record] = await tx.registers.cases(place.clock.now() - timedelta(days=1), place.clock.now())
            assert record.files == 2
            assert await tx.files.doomed(place.clock.now(), 10) == []

    async def test_files_go_as_long_after_closing_as_the_notice_says(
        self, crew: Crew, place: LocalTown, tmp_path: Path
    ) -> None:
        await submit_with(crew, ("photo", jpeg()))
        await place.fetcher.drain()
        await crew.villager.press("c:1:withdraw!")
        place.clock.push(days=180)
        await place.sweep.once()
        await place.fetcher.drain()
        assert await states(place) == [FileState.KEPT]
        place.clock.push(days=10)
        await place.sweep.once()
        assert await states(place) == [FileState.GONE]
        place.clock.push(minutes=11)
        await place.fetcher.drain()
        assert on_disk(tmp_path) == []

    async def test_a_file_that_arrives_after_its_sender_was_forgotten_is_not_kept(
        self, crew: Crew, place: LocalTown, tmp_path: Path
    ) -> None:
        await submit_with(crew, ("photo", jpeg()))
        async with place.store.begin() as tx:
            [claimed] = await tx.files.claim(CHANNEL, place.clock.now(), 5, place.clock.now())
        await crew.villager.press("p:forget!")
        await place.files.put(claimed.name, b"a fetch that was under way")
        async with place.store.begin() as tx:
            assert not await tx.files.kept(claimed, "image/jpeg", 1)
        place.clock.push(minutes=11)
        await place.fetcher.drain()
        assert on_disk(tmp_path) == []

    async def test_nothing_that_is_gone_is_sent_again(self, crew: Crew, place: LocalTown) -> None:
        await submit_with(crew, ("photo", jpeg()))
        await place.fetcher.drain()
        await crew.villager.press("p:forget!")
        before = len(await refs(crew.office))
        await crew.office.press("c:1:files")
        assert len(await refs(crew.office)) == before


async def test_a_stored_name_says_nothing(crew: Crew, place: LocalTown, tmp_path: Path) -> None:
    await submit_with(crew, ("photo", jpeg()))
    await place.fetcher.drain()
    assert all(re.fullmatch(r"[0-9a-f]{32}", path.name) for path in on_disk(tmp_path))
    assert OutgoingKind.FILES in [message.kind for message in await crew.deputy.all()]
