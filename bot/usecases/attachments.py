"""The files of a case: who gets them, in which form, and what their sender hears where one is not taken."""

from collections.abc import Sequence

from bot.domain.authority import told
from bot.domain.cases import Attachment, Case
from bot.domain.files import STORED, FileSource, FileState, WantedFile
from bot.domain.machine import ANSWERS, OFFICE_STATES, Action, Part
from bot.domain.messages import CHECKED_FIRST, File, FileKind
from bot.domain.people import Person
from bot.domain.text import t
from bot.usecases.desk import Desk, people_of
from bot.usecases.moving import NotFoundError, parts_of
from bot.usecases.standing import standing

MOST_OF_A_CASE = 60
_TOLD_AUTHOR = ANSWERS | {Action.REPLY, Action.PHOTO, Action.FOLLOW_UP}


async def attach(desk: Desk, case: Case, person: Person, files: Sequence[File], *, stage: str) -> Sequence[File]:
    """Note the files of the case's latest event, as many as a case may have; the person is told of those that are over.

    Returns those that were taken.
    """
    room = MOST_OF_A_CASE - len(await desk.tx.cases.attachments(case.id)) if files else 0
    taken = files[: max(room, 0)]
    if len(taken) < len(files):
        await desk.say(person, t("file.too_many", number=case.number, limit=MOST_OF_A_CASE))
    if taken:
        kept = [Attachment(file, file.channel or person.channel, stage, case.version, person.id) for file in taken]
        await desk.tx.cases.attach(case.id, kept)
    return taken


def usable(person: Person, one: Attachment) -> File | None:
    """The file in the form in which this person can get it now; None where there is none.

    Pictures sent as documents, films and sounds go out as we keep them, for the original may tell where it was taken;
    no document goes out unchecked. On its own channel everything else is re-sent by reference.
    """
    picture = (one.type or "").startswith("image/")
    altered = one.file.kind in CHECKED_FIRST and (one.type or "").startswith(("image/", "video/", "audio/"))
    if one.state is FileState.KEPT and one.name and (altered or one.channel != person.channel):
        kind = FileKind.PHOTO if picture else one.file.kind
        return File(kind, STORED + one.name, one.file.unique)
    unchecked = one.file.kind in CHECKED_FIRST and one.state is not FileState.KEPT
    if unchecked or one.channel != person.channel or one.state not in (FileState.WAITING, FileState.KEPT):
        return None
    return File(one.file.kind, one.file.ref, one.file.unique)


def handed_on(found: Sequence[Attachment]) -> list[File]:
    """The files of a case for all who get it anew: those of a channel to its own people, documents from our store."""
    files: list[File] = []
    for one in found:
        if one.file.kind in CHECKED_FIRST and one.state is FileState.KEPT and one.name:
            picture = (one.type or "").startswith("image/")
            files.append(File(FileKind.PHOTO if picture else one.file.kind, STORED + one.name, one.file.unique))
        elif one.file.kind not in CHECKED_FIRST and one.state in (FileState.WAITING, FileState.KEPT):
            files.append(one.file)
    return files


async def show(desk: Desk, person: Person, case_id: int) -> int:
    """Re-send all files of a case to a member of its staff. Returns how many. Raises NotFoundError."""
    case = await desk.tx.cases.get(case_id)
    parts = await parts_of(desk, case, person) if case else []
    if case is None or all(actor.part is Part.AUTHOR for actor in parts):
        raise NotFoundError(case_id)
    found = [file for one in await desk.tx.cases.attachments(case.id) if (file := usable(person, one))]
    await desk.send_files(person, found, t("files.caption", number=case.number), key=desk.source, urgent=True)
    return len(found)


async def arrived(desk: Desk, wanted: WantedFile) -> None:
    """A file is kept: whoever could not have it before gets it now."""
    if wanted.source is not FileSource.CASE:
        return
    case = await desk.tx.cases.get(wanted.owner)
    one = next((a for a in await desk.tx.cases.attachments(wanted.owner) if a.id == wanted.id), None)
    if case is None or one is None:
        return
    for person in await people_of(desk, await _readers(desk, case, one)):
        had_it = one.channel == person.channel and one.file.kind not in CHECKED_FIRST
        file = None if had_it or person.id == one.sender else usable(person, one)
        if file:
            caption = t("files.caption", number=case.number)
            await desk.send_files(person, [file], caption, key=f"kept:{one.id}", urgent=case.urgent)


async def _readers(desk: Desk, case: Case, one: Attachment) -> list[int]:
    """Those who were told of the step that brought the file."""
    event = (await desk.tx.cases.events(case.id))[one.event - 1]
    office = case.urgent or case.state in OFFICE_STATES
    now = await standing(desk)
    found = [person for person, _ in told(desk.town, case, now.acting, office=office)]
    if one.stage == "after" and event.action in _TOLD_AUTHOR:
        author = await desk.tx.cases.author(case.id)
        found = [*([author] if author else []), *await desk.tx.cases.parties(case.id, "supporter"), *found]
    return found


async def refused(desk: Desk, wanted: WantedFile, why: str) -> None:
    """Tell the sender that a file was not taken, and what they can do."""
    if wanted.source is not FileSource.CASE:
        return
    case = await desk.tx.cases.get(wanted.owner)
    one = next((a for a in await desk.tx.cases.attachments(wanted.owner) if a.id == wanted.id), None)
    if case is None or one is None or one.sender is None:
        return
    for person in await people_of(desk, [one.sender]):
        words = t(f"file.{why}", number=case.number, limit=desk.rules.sizes.megabytes)
        await desk.tell(person, words, key=f"file:{one.id}")
