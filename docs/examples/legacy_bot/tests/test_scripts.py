"""Scripts are callers too, and live outside src."""

from unittest import mock

import pytest

from scripts import backfill, nightly, watch_deployment


async def answer_done(interaction, content_url, depth):
    await interaction.send("done")


def test_backfill(tmp_path, capsys):
    links = tmp_path / "links.txt"
    links.write_text("https://news.example/harbour\nhttps://news.example/harbour\nhttps://nowhere.example/\n")
    backfill.main([str(links)])
    assert capsys.readouterr().out == "1 new, 0 known, 1 bad\n"


@pytest.mark.asyncio
async def test_backfill_blocks_nothing():
    counts = await backfill.backfill(["https://casino.example/"])
    assert counts == {"new": 0, "again": 0, "bad": ["https://casino.example/"]}


@pytest.mark.asyncio
async def test_nightly_takes_an_analysis_or_makes_one():
    fake = mock.Mock()
    fake.execute_fallback_workflow = mock.AsyncMock(side_effect=answer_done)
    assert await nightly.Night(fake).run() == ["done", "done"]
    assert (await nightly.Night().run())[1].startswith("**Harbour reopens**")


def test_nightly_main(capsys):
    with mock.patch("scripts.nightly.Analysis") as analysis:
        analysis.return_value.execute_fallback_workflow = mock.AsyncMock(side_effect=answer_done)
        nightly.main()
    assert capsys.readouterr().out == "done\ndone\n"


@pytest.mark.asyncio
async def test_watch_deployment():
    live, status = await watch_deployment.watch("9.9")
    assert live is True
    assert status["version"] == "9.9"
