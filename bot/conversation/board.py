"""`/board`: the public board in chat, for everybody, by village and topic, a page at a time."""

from bot.conversation.talk import Talk
from bot.domain.text import Text, t
from bot.usecases.board import Board, cases_on_board, suggestions_on_board

ALL = "-"


async def board(talk: Talk, argument: str) -> None:
    await show(talk, ALL, ALL, 0)


async def show(talk: Talk, village: str, topic: str, page: int) -> None:
    """Raises ValueError for a place or topic that the town does not have."""
    desk, town = talk.desk, talk.desk.town
    if (village != ALL and town.village(village) is None) or (topic != ALL and town.topic(topic) is None):
        raise ValueError(village)
    found = await cases_on_board(desk.tx, town, _one(village), _one(topic), page)
    turns = _turns(found, f"o:{village}:{topic}")
    ways = [
        [(t("board.by_village"), "o:villages"), (t("board.by_topic"), "o:topics")],
        [(t("board.suggestions"), "o:suggestions:0")],
    ]
    await talk.say(_text(found, "board.title", "board.none"), [turns, *ways])


async def suggestions(talk: Talk, page: int) -> None:
    found = await suggestions_on_board(talk.desk.tx, page)
    turns = _turns(found, "o:suggestions")
    await talk.say(_text(found, "board.suggestions_title", "board.none"), [turns, [(t("board.cases"), "m:board")]])


async def villages(talk: Talk) -> None:
    options = [(t("plain", text=v.name), f"o:{v.id}:{ALL}:0") for v in talk.desk.town.villages]
    await talk.say(t("board.which_village"), [options[i : i + 3] for i in range(0, len(options), 3)])


async def topics(talk: Talk) -> None:
    options = [(t("plain", text=one.name), f"o:{ALL}:{one.id}:0") for one in talk.desk.town.topics]
    await talk.say(t("board.which_topic"), [options[i : i + 2] for i in range(0, len(options), 2)])


def _one(word: str) -> str | None:
    return None if word == ALL else word


def _turns(found: Board, data: str) -> list[tuple[Text, str]]:
    turns: list[tuple[Text, str]] = []
    if found.page > 0:
        turns.append((t("board.before"), f"{data}:{found.page - 1}"))
    if found.page + 1 < found.pages:
        turns.append((t("board.next"), f"{data}:{found.page + 1}"))
    return turns


def _text(found: Board, title: str, none: str) -> Text:
    if not found.entries:
        return t(none)
    rows = tuple(
        t(
            "board.row",
            number=one.number,
            where=t("board.where", village=one.village, topic=one.topic) if one.village else t("nothing"),
            text=one.text,
            joined=t("board.joined", count=one.joined) if one.joined else t("nothing"),
        )
        for one in found.entries
    )
    return t(title, page=found.page + 1, pages=found.pages, total=found.total, rows=rows)
