"""The batch script that the image provider's own tutorial gives out: asyncio, httpx, six at a time.

What it does: a row of the CSV is one call for four images after its photo; the answers' addresses
become one line each of a manifest. It records nothing else and fetches nothing. Retries are off.
"""

import asyncio
import csv
import json
import logging
from pathlib import Path
from time import perf_counter

import httpx

from benchmarks.outcome import Outcome

_SECONDS = 120.0


def measure(
    *, file: str, manifest: str, base_url: str, key: str, images: int = 4, at_a_time: int = 6
) -> Outcome:
    # It says each call aloud where anybody listens, as the script's own process does not.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    started = perf_counter()
    with Path(file).open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    lines = asyncio.run(_all(rows, base_url, key, images, at_a_time))
    Path(manifest).write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    seconds = perf_counter() - started
    completed = sum(line["status"] == "completed" for line in lines)
    return Outcome(
        seconds={"total": seconds},
        facts={"calls": len(lines), "completed": completed, "failed": len(lines) - completed},
    )


async def _all(
    rows: list[dict[str, str]], base_url: str, key: str, images: int, at_a_time: int
) -> list[dict[str, object]]:
    turn = asyncio.Semaphore(at_a_time)
    headers = {"Authorization": f"Bearer {key}"}
    # Proxies of whoever measures are no part of the work.
    async with httpx.AsyncClient(headers=headers, timeout=_SECONDS, trust_env=False) as client:
        address = f"{base_url}/images/generations"
        return await asyncio.gather(*(_one(client, turn, address, row, images) for row in rows))


async def _one(
    client: httpx.AsyncClient,
    turn: asyncio.Semaphore,
    address: str,
    row: dict[str, str],
    images: int,
) -> dict[str, object]:
    body = {
        "model": "gpt-image-1",
        "prompt": f"Hero photo of {row['title']} by {row['brand']}: {row['style_tags']}.",
        "image_url": row["image_url"],
        "size": "1024x1024",
        "quality": "high",
        "n": images,
    }
    async with turn:
        try:
            answer = await client.post(address, json=body)
            answer.raise_for_status()
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            return {"sku": row["sku"], "status": "failed", "error": str(error)}
    urls = [image["url"] for image in said.get("data", []) if image.get("url")]
    return {
        "sku": row["sku"],
        "status": "completed",
        "image_count": len(urls),
        "image_urls": urls,
        "request_id": said.get("id"),
        "model_actual": said.get("model_actual"),
    }
