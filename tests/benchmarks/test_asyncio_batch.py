"""The script that the batch of images is measured against does what it is measured for."""

import csv
import json

from benchmarks.peers.asyncio_batch import measure
from tests.imagery.fake_provider import fake_provider


def test_each_row_is_one_call_and_one_line_of_the_manifest(tmp_path):
    source, manifest = tmp_path / "catalog.csv", tmp_path / "outputs.jsonl"
    with source.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["sku", "title", "image_url", "brand", "style_tags"])
        rows.writerows(
            [f"SKU-{n}", f"Mug {n}", f"https://cdn.example.com/{n}.png", "Northline", "studio"]
            for n in range(20)
        )

    with fake_provider(delay=0.02) as fake:
        fake.says(402, {"error": {"code": "insufficient_quota"}})
        outcome = measure(file=str(source), manifest=str(manifest), base_url=fake.url, key="k")

    lines = [json.loads(line) for line in manifest.read_text().splitlines()]
    assert outcome.facts == {"calls": 20, "completed": 19, "failed": 1}
    assert [line["sku"] for line in lines] == [f"SKU-{n}" for n in range(20)]
    assert sorted(line.get("image_count", 0) for line in lines) == [0] + [4] * 19
    assert len(fake.charges) == 19
    assert 1 < fake.books.largest_concurrency <= 6
