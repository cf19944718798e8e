"""Reports and registers as files, over HTTP: the clerk taps, and gets what the command line writes."""

from io import BytesIO
from pathlib import Path

from docx import Document
from openpyxl import load_workbook

from bot.compose.office import make_report
from bot.domain.periods import Period
from bot.domain.report.content import ReportKind
from tests.sandbox.botapi.judge import check_log
from tests.story.conftest import Playground


def said(docx: BytesIO | str) -> list[str]:
    """Every paragraph but the last (who made it, when), and every cell."""
    document = Document(docx)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in document.paragraphs[:-1]), *cells]


async def test_a_report_and_a_register_arrive_as_files_and_say_what_the_command_says(
    play: Playground, tmp_path: Path
) -> None:
    deputy, office, town = play.deputy, play.office, play.sandbox.town
    month, _, year = Period.around(play.sandbox.clock.now().astimezone(town.zone).date())
    await deputy.wait_for("您好")
    await deputy.send_text("/duty")
    await deputy.wait_for("要记哪一种")
    await deputy.press_label("月访")
    await deputy.wait_for("打字、语音、照片都行")
    await deputy.send_text("走访5户，12人")
    await deputy.wait_for("请看一遍")
    await deputy.press_label("完成")
    await deputy.wait_for("记好了")

    await office.send_text("/report")
    assert "走访：5户" in (await office.wait_for(f"【{town.name} {month.name}】"))["text"]
    await office.press_label("今年")
    await office.wait_for(f"【{town.name} {year.name}】")
    await office.press_label("要 Word 文件：年度报告")
    await office.wait_for("正在生成")
    sent = await office.wait_for(lambda message: message.get("document"), timeout=60)
    assert sent["document"]["file_name"] == f"样例镇{year.name}人大工作报告（草稿）.docx"
    assert "定稿前请核对" in sent["caption"]
    mine = said(BytesIO(await office.download(sent["document"])))
    assert any("走访5户〔接待/月访1条，上期无记录〕" in text for text in mine)
    out = tmp_path / "out.docx"
    now = play.sandbox.clock.now()  # a sandbox opened at night is a morning ahead of the machine
    await make_report(play.sandbox.settings, ReportKind.ANNUAL, year, out, "某人", "核对", given={}, now=now)
    assert mine == said(str(out))

    await office.send_text("/registers")
    await office.wait_for("哪一本台账")
    await office.press_label("接待/月访")
    await office.wait_for("写明用途")
    await office.send_text("向镇党委汇报")
    sent = await office.wait_for(lambda message: "台账已导出" in message.get("caption", ""), timeout=60)
    book = load_workbook(BytesIO(await office.download(sent["document"])))
    assert [row[6] for row in book["接待、月访"].iter_rows(min_row=3, values_only=True)] == [5]

    async with play.sandbox.store.begin() as tx:
        logged = [(one.what, one.who, one.why, one.form) for one in await tx.registers.exports()]
        assert await tx.inbox.parked() == []
    who = next(seat.name for seat in town.seats if seat.id == "office-1")
    assert logged == [
        ("report annual", who, "起草报告", "docx"),
        ("report annual", "某人", "核对", "docx"),
        ("reception", who, "向镇党委汇报", "xlsx"),
    ]
    log = (await play.get("/log?after=0"))["log"]
    assert (await play.get("/violations"))["violations"] == []
    check_log(log)
