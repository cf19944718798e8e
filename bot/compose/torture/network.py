"""Faults on the way to and from Telegram: silence, broken lines, refusals."""

from bot.compose.sandbox import DEPUTY
from bot.compose.torture.judge import lost_answers
from bot.compose.torture.stage import Stage
from handlers.sandbox.botapi.faults import Fault

FOREVER = 600.0  # seconds: longer than anybody waits here


async def hang(stage: Stage, times: int) -> None:
    """Telegram takes a call and never answers: getUpdates, and now and then a message."""
    methods = ["sendMessage", "getUpdates"] if stage.setting.channel == "polling" else ["sendMessage"]
    await stage.start()
    stage.let_them_write()
    await stage.more()
    for _ in range(times):
        stage.server.faults.left += [Fault(method, "hang", hold=FOREVER) for method in methods]
        await stage.until(lambda: not stage.server.faults.left, "calls that were never answered")
        stage.struck()
        await stage.more(2)
    await stage.settle()


async def break_lines(stage: Stage, times: int) -> None:
    """Connections torn down before, amid and after a call, on both ways; half answers."""
    await stage.start()
    stage.let_them_write()
    for _ in range(times):
        kinds = [stage.chance.choice(("reset", "half", "drop", "timeout_after")) for _ in range(4)]
        stage.server.faults.left += [
            Fault(method, kind, hold=0.1) for kind in kinds for method in ("sendMessage", "getUpdates")
        ]
        await stage.wait(stage.chance.uniform(0.1, 0.5))
        if stage.balancer:
            stage.balancer.cut()
        await stage.until(lambda: not _left(stage, "sendMessage"), "messages to run into the faults")
        stage.server.faults.left.clear()  # a poll that fails again and again comes ever more seldom
        stage.struck()
        await stage.more()
    await stage.settle()
    stage.row.promised += lost_answers(stage.server)


async def storm(stage: Stage, times: int) -> None:
    """Telegram wants nothing for a while: 429 to whatever is sent, for one chat and for all."""
    await stage.start()
    stage.let_them_write()
    for _ in range(times):
        someone = stage.chance.choice(stage.villagers).phone.user_id
        stage.server.faults.left += [
            Fault("sendMessage", "429", times=3, chat_id=someone),
            Fault("sendMessage", "429", times=12),
            Fault("getUpdates", "429", times=1),
        ]
        await stage.until(lambda: not _left(stage, "sendMessage"), "the storm to be over")
        stage.struck()
        await stage.more()
    stage.server.faults.left.clear()
    await stage.settle()


async def block(stage: Stage, times: int) -> None:
    """The deputy blocks the bot in mid-flight and comes back; a villager is lost to it for one message."""
    deputy, lost = stage.phones[DEPUTY], stage.villagers[0]
    await stage.start()
    stage.let_them_write(but=1)
    await lost.greet()
    for _ in range(times):
        await deputy.block()
        await stage.more(3)
        stage.server.faults.left.append(Fault("sendMessage", "403", chat_id=lost.phone.user_id))
        text = lost.words()
        await lost.phone.send_text(text)
        await stage.until(lambda: not _left(stage, "sendMessage"), "the villager's answer to be refused")
        await deputy.unblock()
        await deputy.start()
        await deputy.wait_for("待办", stage.patience)
        await lost.phone.start()
        await lost.hear("接着来")
        await lost.finish(text)
        stage.struck()
        await stage.more(2)
    await stage.settle()
    await deputy.refresh()
    last = stage.submitted[-1]
    stage.claim(any(last in (message.get("text") or "") for message in deputy.messages), "the deputy got no card after")


def _left(stage: Stage, method: str) -> bool:
    return any(fault.method == method for fault in stage.server.faults.left)
