"""A reviewer clears a queue with the keyboard, in a browser, against the project's web server."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from socket import socket
from statistics import median, quantiles
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageEnhance
from playwright.sync_api import Page, expect, sync_playwright

from accounts.models import Account, Membership, User
from accounts.roles import Role
from benchmarks.account import bench_account
from benchmarks.outcome import Outcome
from config import static_files
from imagery.image_sets import status
from imagery.models import GeneratedImage
from imagery.review import tickets
from imagery.review.tickets import Subject
from imagery.samples import SAMPLE_NAMES, draw_sample
from tests.factories.catalog import (
    MediaAssetFactory,
    MediaFileFactory,
    ProductFactory,
    PropertySetDefinitionFactory,
    VariantFactory,
    link_media,
)
from tests.factories.imagery import GeneratedImageFactory

_PASSWORD = "correct horse"
_SIDE, _CANDIDATES = 1200, 2
#: Every fifth is rejected: two keys instead of one.
_REJECTED = 5
_WARM_UP = 2
_PATIENCE_SECONDS = 30.0
#: From a SKU on the screen to the key that decides about it: less than any hand takes.
_LOOK_MILLISECONDS = 50
#: From the key to the frame that shows the next SKU's decoded candidate.
_WATCH = """
(() => {
  let pressed = null;
  window.switches = [];
  addEventListener("keydown", () => { pressed = performance.now(); }, true);
  addEventListener("DOMContentLoaded", () => {
    const subjects = document.querySelector("[data-subjects]");
    if (!subjects) return;
    let last = null;
    new MutationObserver(async () => {
      const shown = subjects.querySelector(".subject:not([hidden])");
      if (!shown || shown === last) return;
      last = shown;
      const began = pressed;
      const candidate = shown.querySelector("[data-candidate]:not([hidden])");
      await candidate.decode();
      requestAnimationFrame(() => requestAnimationFrame((now) => {
        if (began !== null) window.switches.push(now - began);
        document.body.dataset.shown = shown.dataset.ticket;
      }));
    }).observe(subjects, { subtree: true, childList: true, attributes: true });
  });
})();
"""


def measure(*, skus: int, recording: str | None) -> Outcome:
    """Seconds from a key to the next SKU on the screen, 50 ms after the one before was there.

    `total` is the median. Raises AssertionError where a decision is not the one of the keys.
    """
    static_files.collect()
    account = bench_account()
    _queue_up(account, skus)
    reviewer = User.objects.create_user("reviewer", password=_PASSWORD, is_staff=True)
    Membership.objects.create(account=account, user=reviewer, role=Role.REVIEWER)
    with _web_server() as address:
        switches, keys = _reviewed(address, skus, recording)
    _check(skus)
    counted = sorted(switches[_WARM_UP:])
    return Outcome(
        seconds={
            "total": median(counted),
            "p90": quantiles(counted, n=10, method="inclusive")[8],
            "worst": counted[-1],
        },
        facts={"keys": keys, "switches": switches},
    )


def _queue_up(account: Account, skus: int) -> None:
    """SKUs with a source photo and candidates, no two pictures with the same bytes."""
    photos = [draw_sample(name, side=_SIDE).photo for name in SAMPLE_NAMES]
    subjects = []
    product = ProductFactory.create(account=account)
    paths = PropertySetDefinitionFactory.create(account=account, media_paths=True)
    for number in range(skus):
        photo = photos[number % len(photos)]
        variant = VariantFactory.create(account=account, product=product, sku=_sku(number))
        content, small = _files(photo, 1 + number / 1000)
        file = MediaFileFactory.create(account=account, content=content, thumbnail=small)
        asset = MediaAssetFactory.create(account=account, fetched=True, file=file)
        link_media(variant, paths, asset.url)
        for candidate in range(_CANDIDATES):
            _candidate(account, variant.sku, photo, 1.1 + candidate / 10 + number / 1000)
        subjects.append(Subject(variant.sku))
    tickets.refresh(account_id=account.pk, subjects=subjects)
    status.refresh(account=account, skus=[subject.sku for subject in subjects])


def _candidate(account: Account, sku: str, photo: Image.Image, brightness: float) -> None:
    content, small = _files(photo, brightness)
    digest = sha256(content).hexdigest()
    image = GeneratedImageFactory.create(
        account=account, sku=sku, sha256=digest, content_type="image/jpeg", byte_size=len(content)
    )
    default_storage.save(image.storage_path, ContentFile(content))
    default_storage.save(image.thumbnail_path, ContentFile(small))


def _files(photo: Image.Image, brightness: float) -> tuple[bytes, bytes]:
    made = ImageEnhance.Brightness(photo).enhance(brightness)
    full, small = io.BytesIO(), io.BytesIO()
    made.save(full, "JPEG", quality=90)
    made.resize((200, 200)).save(small, "WEBP")
    return full.getvalue(), small.getvalue()


def _sku(number: int) -> str:
    return f"SKU-{number:03}"


@contextmanager
def _web_server() -> Iterator[str]:
    """The one of `make run`, on a free port."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"],
        env={**os.environ, "PORT": str(port), "BIND": "127.0.0.1"},
    )
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = monotonic() + _PATIENCE_SECONDS
        while not _answers(address) and monotonic() < deadline:
            sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, TimeoutError):
        return False


def _reviewed(address: str, skus: int, recording: str | None) -> tuple[list[float], int]:
    """Seconds of each switch, and the number of keys pressed."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        if recording:
            context.tracing.start(screenshots=True, snapshots=True)
        page = context.new_page()
        page.add_init_script(_WATCH)
        _sign_in(page)
        page.goto(reverse("admin:imagery_light_table"))
        keys = sum(_decided(page, number) for number in range(skus))
        expect(page.get_by_role("heading", name="All done")).to_be_visible()
        switches = [taken / 1000 for taken in page.evaluate("window.switches")]
        if recording:
            context.tracing.stop(path=recording)
        context.close()
        browser.close()
    return switches, keys


def _sign_in(page: Page) -> None:
    page.goto(reverse("admin:login"))
    page.get_by_label("Username").fill("reviewer")
    page.get_by_label("Password").fill(_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{reverse('admin:index')}")


def _decided(page: Page, number: int) -> int:
    """Decide on the SKU once it was looked at; the number of keys that it takes."""
    keys: tuple[str, ...] = ("r", "3") if _is_rejected(number) else ("a",)
    page.wait_for_function(
        "sku => document.body.dataset.shown && document.querySelector('.subject:not([hidden])')"
        "?.getAttribute('aria-label').startsWith(sku)",
        arg=_sku(number),
    )
    page.wait_for_timeout(_LOOK_MILLISECONDS)
    if _is_rejected(number):
        keys *= _CANDIDATES
    for key in keys:
        page.keyboard.press(key)
    return len(keys)


def _is_rejected(number: int) -> bool:
    return number % _REJECTED == _REJECTED - 1


def _check(skus: int) -> None:
    """Every SKU is decided as its keys said."""
    for number in range(skus):
        images = GeneratedImage.objects.filter(sku=_sku(number)).order_by("pk")
        states = list(images.values_list("decision", flat=True))
        wanted = "rejected rejected" if _is_rejected(number) else "approved superseded"
        if states != wanted.split():
            raise AssertionError(f"{_sku(number)} ended as {states}")
