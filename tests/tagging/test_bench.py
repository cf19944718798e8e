"""The bench runs and reports the figures it promises; no time is judged here."""

from bot.tagging.bench import bench_tagging


def test_the_bench_reports_both_ratios() -> None:
    found = bench_tagging(many=200)
    assert {"tag_to_cut", "many_to_few", "jieba_cut_us", "tag_us", "first_text_ms"} <= set(found)
    assert all(value > 0 for value in found.values())
