"""Draws a chart as a picture: bars with their numbers, readable in black and white, in a font that has Chinese."""

from functools import cache
from io import BytesIO
from itertools import chain
from pathlib import Path

from bot.domain.report.blocks import Chart
from handlers.documents.cells import clean

FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "SimHei",
    "PingFang SC", "Heiti SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback",
    "Noto Serif CJK SC", "Noto Serif CJK JP", "SimSun", "Songti SC", "FangSong",
)  # fmt: skip
"""Fonts with Chinese that machines commonly have, the plainest first. A collection is known by its first name."""

_NOW, _BEFORE = "#1f5f8b", "#c9d6df"
_DOTS = 200
"""Dots an inch: sharp in print."""


@cache
def chinese_font() -> Path | None:
    """The file of a font of this machine that has Chinese characters, None where there is none."""
    from matplotlib.font_manager import FontManager

    plain = [entry for entry in FontManager().ttflist if entry.weight in (400, "normal", "regular", "book")]
    files = {entry.name: Path(entry.fname) for entry in plain}
    return next((files[name] for name in FAMILIES if name in files and files[name].exists()), None)


def draw(chart: Chart, font: Path, across: float) -> bytes:
    """The chart as PNG, `across` millimetres wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    words = FontProperties(fname=str(font), size=10.5)  # the size of the paper's tables
    numbers = FontProperties(fname=str(font), size=8 if chart.columns else 10.5)  # twelve pairs stand side by side
    names = [clean(name) for name in chart.names]
    series = [(chart.now, _NOW, "本期", "")] + ([(chart.before, _BEFORE, "上期", "//")] if chart.before else [])
    height = 2.9 if chart.columns else 0.9 + 0.32 * len(names) * (1.5 if chart.before else 1)
    figure = Figure(figsize=(across / 25.4, height), dpi=_DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    thick = 0.8 / len(series)
    for number, (values, colour, name, hatch) in enumerate(series):
        at = [place + (number - (len(series) - 1) / 2) * thick for place in range(len(names))]
        bars = axes.bar(at, values, thick) if chart.columns else axes.barh(at, values, thick)
        bars.set_label(name)
        for bar in bars:
            bar.set(facecolor=colour, edgecolor="#555555", linewidth=0.4, hatch=hatch)
        said = [str(value) if value else "" for value in values]  # no bar, no number: it may be that nobody looked
        axes.bar_label(bars, said, padding=2, fontproperties=numbers)
    axis = axes.xaxis if chart.columns else axes.yaxis
    axis.set_ticks(range(len(names)), names)
    for label in axis.get_ticklabels():
        label.set_fontproperties(words)
    (axes.yaxis if chart.columns else axes.xaxis).set_visible(False)
    most = max(chain(chart.now, chart.before, (1,)))
    (axes.set_ylim if chart.columns else axes.set_xlim)(0, most * 1.12)
    if not chart.columns:
        axes.invert_yaxis()  # the first on top
    for side in ("top", "right", "left" if chart.columns else "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_title(f"{clean(chart.title)}（{chart.unit}）", fontproperties=words)
    if chart.before:
        figure.legend(prop=words, frameon=False, loc="outside lower center", ncols=2)
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()
