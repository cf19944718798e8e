"""What the registers read of a period: its cases, in order, with what their authors sent."""

from dataclasses import replace

from bot.domain.cases import Attachment
from bot.domain.messages import File, FileKind
from storage.store import SqlStore
from tests.storage.samples import MINUTE, NOW, person, register


async def test_the_cases_of_a_period_come_in_their_order_with_the_files_of_their_authors(store: SqlStore) -> None:
    photo = Attachment(File(FileKind.PHOTO, "ref", "u"), "telegram", "before", 1)
    async with store.begin() as tx:
        author = await person(tx, "1")
        second = await register(tx, author, created_at=NOW + MINUTE)
        first = await register(tx, author)  # entered later, of an earlier time
        await register(tx, author, created_at=NOW + 2 * MINUTE)
        await register(tx, author, created_at=NOW - MINUTE)
        await tx.cases.attach(second.id, [photo, photo, replace(photo, stage="after")])
        found = await tx.registers.cases(NOW, NOW + 2 * MINUTE)
        assert [(record.case.id, record.files) for record in found] == [(second.id, 2), (first.id, 0)]
