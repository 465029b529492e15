"""Opens pages in Chromium, in turn, five times each; prints a line for each page: the
medians of the milliseconds until it shows a text, and until it is loaded and drawn.

    python open.py ADDRESS TEXT [ADDRESS TEXT...]
"""

import statistics
import sys
import time

from playwright.sync_api import sync_playwright

DRAWN = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"


def open_page(browser, address, text):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    begun = time.monotonic()
    page.goto(address, wait_until="commit")
    page.get_by_text(text).first.wait_for()
    shown = time.monotonic() - begun
    page.wait_for_load_state("load")
    page.evaluate(DRAWN)
    whole = time.monotonic() - begun
    page.close()
    return shown * 1000, whole * 1000


pages = list(zip(sys.argv[1::2], sys.argv[2::2]))
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    rounds = [[open_page(browser, *page) for page in pages] for _ in range(5)]
    for times in zip(*rounds):
        print(*(round(statistics.median(column)) for column in zip(*times)))
    browser.close()
