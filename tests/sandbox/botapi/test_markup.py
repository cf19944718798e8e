"""HTML and MarkdownV2 become text and entities, and bad markup is refused with its place."""

import html
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.sandbox.botapi.entities import finish, units
from handlers.sandbox.botapi.errors import ApiError
from handlers.sandbox.botapi.markup_html import parse_html
from handlers.sandbox.botapi.markup_markdown import parse_markdown

Spans = list[tuple[str, str]]


def spans(text: str, entities: list[dict[str, Any]]) -> Spans:
    """(type, the words it covers), cut out by UTF-16 offsets."""
    wide = text.encode("utf-16-le")
    return [(e["type"], wide[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le")) for e in entities]


HTML: list[tuple[str, str, Spans]] = [
    ("a <b>b</b> c", "a b c", [("bold", "b")]),
    ("<strong>a<em>b</em></strong>", "ab", [("bold", "ab"), ("italic", "b")]),
    ("𠮷😀<u>乡音</u>", "𠮷😀乡音", [("underline", "乡音")]),
    ("1 &lt; 2 &amp;&amp; &#20065; &quot;", '1 < 2 && 乡 "', []),
    ("&copy; &nbsp;x", "&copy; &nbsp;x", []),
    ('<a href="https://a.cn/?x=1&amp;y=2">网</a>', "网", [("text_link", "网")]),
    ('<a href="no link">网</a>', "网", []),
    ('<pre><code class="language-python">x = 1</code></pre>', "x = 1", [("pre", "x = 1")]),
    ("<code>/start <b>x</b></code>", "/start x", [("code", "/start x")]),
    ("<blockquote expandable>引</blockquote>", "引", [("expandable_blockquote", "引")]),
    ('<span class="tg-spoiler">密</span>', "密", [("spoiler", "密")]),
    ("  <b> 空 </b> ", "空", [("bold", "空")]),
    ("　　各位村民", "　　各位村民", []),
    ("<b></b>空", "空", []),
    ("试 /help@bot_name 和 @someone", "试 /help@bot_name 和 @someone", [
        ("bot_command", "/help@bot_name"), ("mention", "@someone"),
    ]),
    ("见 https://a.cn/b。#路灯 a@b.cn", "见 https://a.cn/b。#路灯 a@b.cn", [
        ("url", "https://a.cn/b"), ("hashtag", "#路灯"), ("email", "a@b.cn"),
    ]),
]  # fmt: skip

MARKDOWN: list[tuple[str, str, Spans]] = [
    ("a *b* c", "a b c", [("bold", "b")]),
    ("*粗_斜_*", "粗斜", [("bold", "粗斜"), ("italic", "斜")]),
    ("__下__ ~删~ ||密||", "下 删 密", [("underline", "下"), ("strikethrough", "删"), ("spoiler", "密")]),
    (r"1\.5 \- ok\!", "1.5 - ok!", []),
    (r"`a\`b*`", "a`b*", [("code", "a`b*")]),
    ("```python\nx = 1```", "x = 1", [("pre", "x = 1")]),
    (r"[网](https://a.cn/\))", "网", [("text_link", "网")]),
    (">一\n>二\n三", "一\n二\n三", [("blockquote", "一\n二")]),
    (">一\n>二||", "一\n二", [("expandable_blockquote", "一\n二")]),
    ("😀*乡音*", "😀乡音", [("bold", "乡音")]),
]

BAD_HTML = [
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("乡<b>x</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
    ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
    ("a < b", 'Unsupported start tag " b" at byte offset 2'),
    ("<span>x</span>", 'Unsupported start tag "span" at byte offset 0'),
    ("一<br>二", 'Unsupported start tag "br" at byte offset 3'),
]

BAD_MARKDOWN = [
    ("1.5", r"Character '.' is reserved and must be escaped with the preceding '\'"),
    ("a-b", r"Character '-' is reserved and must be escaped with the preceding '\'"),
    ("a > b", r"Character '>' is reserved and must be escaped with the preceding '\'"),
    ("a]", r"Character ']' is reserved and must be escaped with the preceding '\'"),
    ("乡*b", "Can't find end of Bold entity at byte offset 3"),
    ("*a _b*_", "Can't find end of Italic entity at byte offset 6"),
    ("`a", "Can't find end of Code entity at byte offset 0"),
    ("[a](b", "Can't find end of a URL at byte offset 3"),
]


@pytest.mark.parametrize(("source", "text", "expected"), HTML)
def test_html_becomes_text_and_entities(source: str, text: str, expected: Spans) -> None:
    formatted = finish(*parse_html(source))
    assert formatted.text == text
    assert spans(formatted.text, formatted.entities) == expected


@pytest.mark.parametrize(("source", "text", "expected"), MARKDOWN)
def test_markdown_becomes_text_and_entities(source: str, text: str, expected: Spans) -> None:
    formatted = finish(*parse_markdown(source))
    assert formatted.text == text
    assert spans(formatted.text, formatted.entities) == expected


@pytest.mark.parametrize(("source", "reason"), BAD_HTML)
def test_bad_html_is_refused_with_its_place(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(("source", "reason"), BAD_MARKDOWN)
def test_bad_markdown_is_refused_with_its_place(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_markdown(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


def test_a_language_of_code_and_an_address_are_kept() -> None:
    _, (code,) = parse_html('<pre><code class="language-sql">x</code></pre>')
    assert code["language"] == "sql"
    _, (link,) = parse_html('<a href="https://example.com">x</a>')
    assert link["url"] == "https://example.com/"
    _, (code,) = parse_markdown("```sql\nx```")
    assert code["language"] == "sql"


# A tree of marks: a leaf is words, a branch is a mark around other trees.
@dataclass(frozen=True)
class Mark:
    type: str
    inner: tuple["Mark | str", ...]


TAGS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler"}
SIGNS = {"bold": "*", "italic": "_", "underline": "__", "strikethrough": "~", "spoiler": "||"}
words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8)
trees = st.recursive(
    words | st.just("<&>\"'*_[]()~`>#+-=|{}.!\\😀"),
    lambda inner: st.builds(Mark, st.sampled_from(sorted(TAGS)), st.lists(inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=8,
)


def written(tree: Mark | str) -> str:
    """The tree in HTML."""
    if isinstance(tree, str):
        return html.escape(tree, quote=False)
    return f"<{TAGS[tree.type]}>{''.join(map(written, tree.inner))}</{TAGS[tree.type]}>"


def plain_words(tree: Mark | str) -> str:
    return tree if isinstance(tree, str) else "".join(map(plain_words, tree.inner))


def marks(tree: Mark | str, offset: int = 0) -> list[tuple[str, int, int]]:
    """(type, offset, length) of every mark, reckoned apart from the parser."""
    if isinstance(tree, str):
        return []
    found = [(tree.type, offset, units(plain_words(tree)))]
    for each in tree.inner:
        found += marks(each, offset)
        offset += len(plain_words(each).encode("utf-16-le")) // 2
    return found


def flat(entities: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return sorted((e["type"], e["offset"], e["length"]) for e in entities)


@given(trees)
def test_any_tree_of_marks_written_in_html_comes_back(tree: Mark | str) -> None:
    text, entities = parse_html(written(tree))
    assert text == plain_words(tree)
    assert flat(entities) == sorted(marks(tree))


@given(st.sampled_from(sorted(SIGNS)), words, words, words)
def test_any_escaped_words_in_markdown_come_back(type_: str, before: str, inside: str, after: str) -> None:
    def escaped(text: str) -> str:
        return "".join(f"\\{c}" if c in "_*[]()~`>#+-=|{}.!\\" else c for c in text)

    sign = SIGNS[type_]
    text, entities = parse_markdown(f"{escaped(before)}{sign}{escaped(inside)}{sign}{escaped(after)}")
    assert text == before + inside + after
    assert flat(entities) == [(type_, units(before), units(inside))]


@given(st.text(max_size=60))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    for parse in (parse_html, parse_markdown):
        try:
            formatted = finish(*parse(text))
        except ApiError:
            continue
        total = units(formatted.text)
        assert all(e["offset"] + e["length"] <= total for e in formatted.entities)
