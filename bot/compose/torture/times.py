"""Faults of time: clocks that are set forwards and back, and a day without the bot."""

from datetime import timedelta

from bot.compose.sandbox import DEPUTY
from bot.compose.torture.judge import sends
from bot.compose.torture.stage import IN_FLIGHT, Stage

HOUR = timedelta(hours=1)
JUMPS = (HOUR, -HOUR, -24 * HOUR, 24 * HOUR)
"""As by a summer time that somebody set by hand, and back; to yesterday, and back."""


async def jump(stage: Stage, times: int) -> None:
    """The clock of one machine leaps, while Telegram's, and those of the other machines, go on as they were."""
    await stage.start()
    stage.let_them_write()
    await stage.more()
    for turn in range(times):
        clock = stage.chance.choice(stage.clocks)
        for step in JUMPS if turn % 2 else JUMPS[2:] + JUMPS[:2]:
            await stage.wait(stage.chance.uniform(0.1, 0.5))
            clock.turn(step)
            # To a clock that is ahead of another's the leases of that one are over.
            stage.struck(twins=IN_FLIGHT if len(stage.replicas) > 1 else 0)
            await stage.more(2)
    await stage.settle()


async def be_away(stage: Stage, times: int) -> None:
    """A day without the bot. What was written meanwhile is answered as if nothing had been, and the morning's digest
    comes once.
    """
    waiting = stage.villagers[0]
    await stage.start()
    stage.let_them_write(but=1)
    await waiting.greet()
    await stage.more(2)
    for _ in range(times):
        for replica in stage.replicas:
            await replica.kill()
        stage.clock.turn(HOUR)
        text = waiting.words()
        for words in (text, "1", "1"):  # all that there is to say, to nobody
            await waiting.phone.send_text(words)
        stage.clock.turn(23 * HOUR)
        known = len(_digests(stage))
        await stage.start()
        await waiting.hear("收到了，编号")
        waiting.submitted.append(text)
        stage.struck(twins=IN_FLIGHT * len(stage.replicas))
        await stage.more(2)
        await stage.until(lambda known=known: len(_digests(stage)) > known, "the digest of the day after")
        stage.claim(len(_digests(stage)) == known + 1, "more than one digest of one morning")
    await stage.settle()


def _digests(stage: Stage) -> set[str]:
    """Those that reached the deputy. A twin is the same text once more."""
    return {text for text in sends(stage.server) if text.startswith(f"{DEPUTY}:📋")}
