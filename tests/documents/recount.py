"""Counts an annual report over again in SQL of its own, past every repository and every rule of the project's.

It reads the tables of SQLite, and the words of the document as they were written.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from docx import Document

NONE, SEALED = "无记录", "（密件）"
ZONE = ZoneInfo("Asia/Shanghai")

LEFT = "state NOT IN ('merged', 'withdrawn')"
ANSWERED = f"{LEFT} AND (answer_class IS NOT NULL OR state = 'refused')"
RESOLVED = """state IN ('answered', 'closed', 'archived') AND answer_class = 'A'
    AND coalesce(solved, '') <> 'no' AND coalesce(rating, '') <> 'dissatisfied'"""
OWN = f"{LEFT} AND rating IS NOT NULL AND told = 0"
BY_PHONE = f"{LEFT} AND rating IS NOT NULL AND told = 1"
CONTENT = "rating IN ('satisfied', 'fair')"
RATED = "action IN ('rate', 'object', 'object_again', 'rate_own', 'object_own')"


@dataclass(frozen=True)
class Tables:
    """The tables of one year, by the town's own days."""

    connection: sqlite3.Connection
    year: int

    def one(self, query: str) -> int:
        found = self.connection.execute(query).fetchone()[0]
        return int(found or 0)

    def within(self, column: str) -> str:
        first, end = (
            datetime(year, 1, 1, tzinfo=ZONE).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
            for year in (self.year, self.year + 1)
        )
        return f"{column} >= '{first}' AND {column} < '{end}'"

    def cases(self, condition: str = "1") -> int:
        return self.one(f"SELECT count(*) FROM cases WHERE {self.within('created_at')} AND {condition}")

    def events(self, condition: str, what: str = "count(*)") -> int:
        return self.one(f"SELECT {what} FROM case_events WHERE {self.within('at')} AND {condition}")

    def duties(self, *kinds: str, what: str = "count(*)") -> int:
        days = f"struck_at IS NULL AND \"on\" BETWEEN '{self.year}-01-01' AND '{self.year}-12-31'"
        named = ", ".join(f"'{kind}'" for kind in kinds)
        return self.one(f"SELECT {what} FROM duties WHERE {days} AND kind IN ({named})")

    def settled(self, kind: str) -> int:
        """Records that have an answer in their own words, or one that was added."""
        return self.duties(
            kind,
            what="""sum(json_extract(facts, '$.answer') IS NOT NULL
            OR id IN (SELECT duty_id FROM duty_supplements))""",
        )

    def facts(self, fact: str, *kinds: str, what: str = "sum") -> int:
        return self.duties(*kinds, what=f"{what}(json_extract(facts, '$.{fact}'))")


def recounted(tables: Tables) -> dict[str, str]:
    """By the label in the report's table of figures: what has to stand there."""
    cases, events, duties, facts = tables.cases, tables.events, tables.duties, tables.facts
    suggested = f"FROM suggestions WHERE {tables.within('filed_at')}"
    opinions = f"FROM polls WHERE {tables.within('opens_at')}"
    votes = f"SELECT sum(votes) FROM poll_votes WHERE poll_id IN (SELECT id {opinions} AND closed_at IS NOT NULL)"
    where = "coalesce(json_extract(data, '$.where'), 'nowhere') <> 'nowhere'"
    entered = "id IN (SELECT case_id FROM receipts)"
    ratings = events(f"{RATED}")
    elected = "SELECT coalesce(sum(json_extract(facts, '$.elected')), 0) FROM duties WHERE kind = 'election'"
    city = "coalesce(json_extract(facts, '$.level'), '') = '市'"
    members = """SELECT count(*) FROM duties d JOIN duty_members m ON m.duty_id = d.id
        WHERE d.kind = 'voters' AND d.struck_at IS NULL"""
    return {
        "收到群众意见": _n(cases(), "件"),
        "其中紧急": f"{cases('urgent')}件" if cases() else NONE,
        "其中替群众登记": _n(cases(entered), "件"),
        "其中已答复": f"{cases(ANSWERED)}件" if cases() else NONE,
        "答复率": _part(cases(ANSWERED), cases(LEFT)),
        "解决率": _part(cases(f"{LEFT} AND {RESOLVED}"), cases(f"{LEFT} AND state <> 'refused'")),
        "上交镇人大办": _n(events("action = 'hand_up'", "count(DISTINCT case_id)"), "件"),
        "交承办单位办理": _n(events("action = 'assign'", "count(DISTINCT case_id)"), "件"),
        "督办": _n(tables.one(f"SELECT count(*) FROM supervisions WHERE {tables.within('opened_at')}"), "次"),
        "收到群众评价": _n(events(f"{RATED} AND seat IS NULL"), "次"),
        "满意和基本满意": _part(cases(f"{OWN} AND {CONTENT}"), cases(OWN)),
        "电话回访评价": _n(events(f"{RATED} AND seat IS NOT NULL"), "次"),
        "电话回访满意和基本满意": _part(cases(f"{BY_PHONE} AND {CONTENT}"), cases(BY_PHONE)),
        "群众认为已解决": f"{events(SAID_SOLVED, 'count(DISTINCT case_id)')}件" if ratings else NONE,
        "提出代表建议": _n(tables.one(f"SELECT count(*) {suggested}"), "件"),
        "代表建议已书面答复": _of(tables, f"{suggested}", "reply IS NOT NULL"),
        "代表对建议办理满意和基本满意": _part(
            tables.one(f"SELECT count(*) {suggested} AND {CONTENT}"),
            tables.one(f"SELECT count(*) {suggested} AND rating IS NOT NULL"),
        ),
        "代表接待日": _n(duties("reception", what="count(DISTINCT coalesce(station, '') || \"on\")"), "次"),
        "接待走访群众": _n(facts("visitors", "reception", "visit"), "人次"),
        "月月访谈": _n(duties("visit"), "次"),
        "走访": _n(facts("households", "visit"), "户"),
        "视察调研": _n(duties("inspection"), "次"),
        "视察调研已有落实情况": _part(tables.settled("inspection"), duties("inspection")),
        "形成调研报告": _n(facts("reports_written", "inspection"), "份"),
        "普法宣传": _n(duties("outreach"), "次"),
        "主题活动": _n(duties("theme"), "次"),
        "代表学习": _n(duties("study"), "次"),
        "履职培训": _n(duties("training"), "次"),
        "召开会议": _n(duties("meeting"), "次"),
        "听取审议报告": _n(facts("reports_heard", "meeting"), "项"),
        "作出决议决定": _n(facts("resolutions", "meeting"), "项"),
        "向镇党委报告请示": _n(duties("party"), "份"),
        "报党委已有答复": _part(tables.settled("party"), duties("party")),
        "民意测评": _n(tables.one(f"SELECT count(*) {opinions}"), "次"),
        "收到投票": _n(tables.one(votes), "票"),
        "监督民生实事项目": _n(duties("project", what="count(DISTINCT substr(text, 1, instr(text, '：') - 1))"), "个"),
        "民生实事督查": _n(facts("checks", "project"), "次"),
        "向选民述职代表": _n(tables.one(members), "人次"),
        "参与化解纠纷、转介信访": _n(duties("referral") + events(f"action = 'refuse' AND {where}"), "件"),
        "选民登记": _n(facts("voters", "election", what="max"), "人"),
        "参加投票选民": _n(facts("ballots", "election", what="max"), "人"),
        "选举产生市人大代表": _n(tables.one(f"{elected} AND {city}"), "人"),
        "选举产生镇人大代表": _n(tables.one(f"{elected} AND NOT {city}"), "人"),
    }


SAID_SOLVED = f"(action = 'solved' OR {RATED}) AND json_extract(data, '$.solved') = 'yes'"


def grouped(tables: Tables, column: str, names: dict[str, str], rest: str) -> list[tuple[str, ...]]:
    """The rows of the table of topics or villages: cases, answered, content of rated; sealed ones by themselves."""
    key = f"CASE WHEN sealed THEN '{SEALED}' ELSE coalesce({column}, '{rest}') END"
    rows = tables.connection.execute(
        f"""SELECT {key}, count(*), sum({ANSWERED}), sum({OWN} AND {CONTENT}), sum({OWN}) FROM cases
        WHERE {tables.within("created_at")} GROUP BY 1"""
    ).fetchall()
    named = sorted(((names.get(name, name), *row) for name, *row in rows), key=lambda row: (-row[1], row[0]))
    others = [sum(column) for column in list(zip(*named[10:], strict=True))[1:]]
    if others:
        named[10:] = [(f"其余{len(named) - 10}个", *others)]
    return [(name, str(n), NONE, str(done), f"{good}/{of}" if of else NONE) for name, n, done, good, of in named]


def overdue(tables: Tables, now: datetime) -> list[tuple[str, str]]:
    """Number and day of each open case past its limit, the oldest limit first."""
    ended = "'closed', 'archived', 'refused', 'merged', 'withdrawn', 'answered'"
    moment = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    found = tables.connection.execute(
        f"SELECT number, due_at FROM cases WHERE state NOT IN ({ended}) AND due_at < '{moment}' AND paused_at IS NULL"
        " ORDER BY due_at, id DESC"
    )
    day = "%Y-%m-%d"
    return [
        (number, datetime.fromisoformat(due).replace(tzinfo=UTC).astimezone(ZONE).strftime(day))
        for number, due in found
    ]


def months(tables: Tables) -> list[int]:
    local = "strftime('%m', created_at, '+8 hours')"
    query = f"SELECT {local}, count(*) FROM cases WHERE {tables.within('created_at')} GROUP BY 1"
    found = dict(tables.connection.execute(query))
    return [found.get(f"{month:02d}", 0) for month in range(1, 13)]


def ratings(tables: Tables) -> dict[str, int]:
    """Answered cases by what their villagers tapped, those told by telephone, those that nobody rated."""
    cases = tables.cases
    unrated = f"{LEFT} AND state <> 'refused' AND answer_class IS NOT NULL AND rating IS NULL"
    said = {"满意": "satisfied", "基本满意": "fair", "不满意": "dissatisfied"}
    found = {name: cases(f"{OWN} AND rating = '{word}'") for name, word in said.items()}
    phoned = {"电话回访": number} if (number := cases(BY_PHONE)) else {}
    return {**found, **phoned, "没有评价": cases(unrated)}


def busy(tables: Tables) -> set[str]:
    """The seats that visited somebody: who recorded the visit, or took part."""
    days = f"kind = 'visit' AND struck_at IS NULL AND \"on\" BETWEEN '{tables.year}-01-01' AND '{tables.year}-12-31'"
    query = f"""SELECT seat FROM duties WHERE {days}
        UNION SELECT m.seat FROM duty_members m JOIN duties ON duties.id = m.duty_id WHERE {days}"""
    return {seat for (seat,) in tables.connection.execute(query)}


def read_report(path: Path) -> tuple[str, list[list[tuple[str, ...]]], dict[str, str]]:
    """The prose, the tables by their rows, and what each chart shows, by its title."""
    document = Document(str(path))
    prose = "\n".join(paragraph.text for paragraph in document.paragraphs)
    tables = [[tuple(cell.text for cell in row.cells) for row in table.rows] for table in document.tables]
    said = [str(one.get("descr")) for one in document.element.xpath(".//wp:docPr")]
    return prose, tables, dict(one.split("：", 1) for one in said)


def _n(number: int, unit: str) -> str:
    return f"{number}{unit}" if number else NONE


def _part(number: int, of: int) -> str:
    return f"{number}/{of}（{100 * number / of:.1f}%）" if of else NONE


def _of(tables: Tables, source: str, condition: str) -> str:
    whole = tables.one(f"SELECT count(*) {source}")
    return f"{tables.one(f'SELECT count(*) {source} AND {condition}')}件" if whole else NONE
