"""State machines as Mermaid diagrams, drawn from their tables. Pure."""

from collections.abc import Iterable

Line = tuple[str, str, str]
"""From, to, label."""


def mermaid(lines: Iterable[Line], start: str, ends: Iterable[str]) -> str:
    """One `stateDiagram-v2`; labels of the same arrow are joined, an arrow to itself is left to the table below."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for before, after, label in lines:
        if before != after:
            labels = arrows.setdefault((before, after), [])
            if label not in labels:
                labels.append(label)
    drawn = [f"    {before} --> {after}: {', '.join(labels)}" for (before, after), labels in arrows.items()]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {start}", *drawn, *(f"    {end} --> [*]" for end in ends)])


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
