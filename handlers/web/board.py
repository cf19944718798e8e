"""`GET /board`: the public board as a page without scripts, in large type, for any phone. Nothing on it is personal."""

from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import urlencode

from aiohttp import web

from bot.domain.town import Town
from bot.usecases.board import Board, Entry

Look = Callable[[str | None, str | None, int], Awaitable[tuple[Town, Board, Board]]]
"""(village, topic, page) -> the town, that page of cases, the first page of suggestions."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

STYLE = """
body{font:1.25rem/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;margin:0;color:#1a1a1a;background:#f6f4ef}
main{max-width:42rem;margin:0 auto;padding:1rem}
h1{font-size:1.7rem;line-height:1.3;margin:.5rem 0}h2{font-size:1.4rem;margin:1.6rem 0 .4rem}
article{background:#fff;border-left:.4rem solid #8a1c1c;padding:.8rem 1rem;margin:.8rem 0;overflow-wrap:anywhere}
article p{margin:.4rem 0;white-space:pre-line}small{font-size:1.05rem;color:#444}
form{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0}
select,button,nav a{font:inherit;padding:.5rem .8rem;min-height:3rem;box-sizing:border-box;max-width:100%}
button,nav a{background:#8a1c1c;color:#fff;border:0;text-decoration:none;display:inline-block}
.sample{background:#fff3cd;padding:.5rem 1rem}nav{display:flex;justify-content:space-between;gap:1rem;margin:1rem 0}
"""


def board_routes(look: Look) -> list[web.AbstractRouteDef]:
    """`/board?village=…&topic=…&page=…`; what is not known is answered by the whole board's first page."""

    async def board(request: web.Request) -> web.Response:
        village, topic = request.query.get("village") or None, request.query.get("topic") or None
        said = request.query.get("page", "1")
        page = int(said) - 1 if said.isascii() and said.isdecimal() and 0 < int(said[:6]) < 100_000 else 0
        town, cases, suggestions = await look(village, topic, page)
        return web.Response(
            text=_page(town, cases, suggestions, village, topic), content_type="text/html", headers=HEADERS
        )

    return [web.get("/board", board)]


def _page(town: Town, cases: Board, suggestions: Board, village: str | None, topic: str | None) -> str:
    sample = '<p class="sample">样例数据，不是真实的村和人</p>' if town.sample else ""
    entries = "".join(map(_article, cases.entries)) or "<p>还没有公开的意见。</p>"
    proposals = "".join(map(_article, suggestions.entries)) or "<p>还没有公开的代表建议。</p>"
    title = f"{escape(town.name)}群众意见公开栏"
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>{sample}"
        "<p>这里是办结的意见，经本人同意公开，去掉了姓名、电话和门牌。</p>"
        f"{_form(town, village, topic)}{entries}{_turns(cases, village, topic)}"
        f"<h2>代表建议</h2>{proposals}"
        f"<p><small>{escape(town.office_name)}　电话 {escape(town.office_phone)}</small></p></main></body></html>"
    )


def _form(town: Town, village: str | None, topic: str | None) -> str:
    def options(first: str, rows: list[tuple[str, str]], chosen: str | None) -> str:
        found = [f'<option value="">{first}</option>']
        found += [
            f'<option value="{escape(id_)}"{" selected" if id_ == chosen else ""}>{escape(name)}</option>'
            for id_, name in rows
        ]
        return "".join(found)

    places = options("所有村、社区", [(one.id, one.name) for one in town.villages], village)
    kinds = options("所有分类", [(one.id, one.name) for one in town.topics], topic)
    return (
        f'<form action="/board"><select name="village" aria-label="村、社区">{places}</select>'
        f'<select name="topic" aria-label="分类">{kinds}</select><button>查看</button></form>'
    )


def _article(one: Entry) -> str:
    where = "　".join(filter(None, (one.village, one.topic)))
    joined = f"<p><small>另有 {one.joined} 位乡亲也反映过</small></p>" if one.joined else ""
    when = f"{one.closed:%Y年%m月}" if one.closed else ""
    head = f"<small>{escape(one.number)}　{escape(where)}　{when}</small>"
    return f"<article>{head}<p>{escape(one.text)}</p>{joined}</article>"


def _turns(board: Board, village: str | None, topic: str | None) -> str:
    def link(page: int, label: str) -> str:
        query = {name: value for name, value in (("village", village), ("topic", topic)) if value}
        return f'<a href="/board?{escape(urlencode({**query, "page": page + 1}))}">{label}</a>'

    before = link(board.page - 1, "上一页") if board.page > 0 else "<span></span>"
    after = link(board.page + 1, "下一页") if board.page + 1 < board.pages else "<span></span>"
    return f"<nav>{before}{after}</nav>" if board.pages > 1 else ""
