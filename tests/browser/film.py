"""Makes the film of a recording in Chromium, as a person does with a mouse and with keys,
reads what is then in the scenario, and checks the page against the rules of axe-core.

    python film.py PROGRAM FOLDER

PROGRAM is deskhand; FOLDER has the scenario play.yaml, and artifacts with its run. With a
third argument, pictures of the page are written to that folder.
"""

import pathlib
import subprocess
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

PROGRAM = sys.argv[1]
FOLDER = pathlib.Path(sys.argv[2]).resolve()
PICTURES = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
SCENARIO = FOLDER / "play.yaml"
BEFORE = SCENARIO.read_text()
complaints = []


class Film:
    """The page of the film in a window of its own, reached as a person reaches it."""

    def __init__(self, browser, address, width=1280, scheme="light"):
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        page = self.page = self.context.new_page()
        page.on("console", lambda line: complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.locator(".scenario > summary").first.click()
        page.locator(".review-film").click()
        expect(page.locator(".f-block.deed").first).to_be_visible()

    def __enter__(self):
        return self.page

    def __exit__(self, *_):
        self.context.close()


def rules_hold(page, where):
    broken = Axe().run(page).response["violations"]
    told = [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in broken]
    assert not told, f"{where}: {told}"


def picture(page, name):
    if PICTURES:
        page.screenshot(path=PICTURES / f"film-{name}.png", full_page=True)


def drawn(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def over(page, x, y):
    """A place over the picture, in shares of it."""
    box = page.locator("#f-over").bounding_box()
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def written(page, words, count):
    """Waits until a change is told, and compares the file."""
    expect(page.locator("#f-said")).to_contain_text(words)
    expect(page.locator("#f-said")).not_to_have_class("problem")
    assert SCENARIO.read_text() == count, SCENARIO.read_text()


def the_page_keeps_the_rules_in_both_schemes_and_three_widths(browser, address):
    for scheme in ["light", "dark"]:
        for width in [1280, 800, 390]:
            with Film(browser, address, width, scheme) as page:
                where = f"{scheme}-{width}"
                page.keyboard.press("ArrowDown")
                expect(page.locator(".f-caption")).to_be_visible()
                picture(page, where)
                rules_hold(page, where)
                wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                assert not wide, f"{where}: it scrolls sideways"
                page.locator("#f-help").click()
                rules_hold(page, f"{where}: keys")


def a_caption_is_drawn_to_its_place_and_back_with_keys(browser, address):
    with Film(browser, address) as page:
        page.locator(".f-block.words").first.click()
        caption = page.locator(".f-caption")
        drawn(page, middle(caption), over(page, 0.85, 0.1))
        top = BEFORE.replace("A note  #", "{ text: A note, position: top-right }  #")
        written(page, "the caption was written", top)
        expect(caption).to_have_attribute("data-at", "top-right")
        caption.focus()
        page.keyboard.press("ArrowRight")
        written(page, "the caption was written", top.replace("top-right", "center"))
        for _ in range(2):
            page.locator("#f-undo").click()
            expect(page.locator("#f-said")).to_contain_text("undone")
            page.wait_for_timeout(300)
        assert SCENARIO.read_text() == BEFORE
        expect(page.locator("#f-undo")).to_be_disabled()


def words_are_written_beside_a_step_and_taken_back(browser, address):
    with Film(browser, address) as page:
        page.locator(".f-block.deed", has_text="type").first.click()
        page.keyboard.press("c")
        page.keyboard.type('Say: "hello" #1')
        page.keyboard.press("Control+Enter")
        wanted = BEFORE.replace("type: Hello\n", "type: Hello\n    caption: 'Say: \"hello\" #1'\n")
        written(page, "the caption was written", wanted)
        expect(page.locator(".f-caption")).to_have_text('Say: "hello" #1')
        page.locator(".f-side button", has_text="Remove").click()
        expect(page.locator("#f-said")).to_contain_text("removed")
        assert SCENARIO.read_text() == BEFORE


def the_end_of_a_caption_is_drawn_in_the_timeline(browser, address):
    with Film(browser, address) as page:
        end = page.locator(".f-end").first
        x, y = middle(end)
        drawn(page, (x, y), (x - 250, y))
        expect(page.locator("#f-said")).to_contain_text("the caption was written")
        assert "for: " in SCENARIO.read_text(), SCENARIO.read_text()
        page.locator("#f-head").focus()
        page.keyboard.press("Control+z")
        expect(page.locator("#f-said")).to_contain_text("undone")
        assert SCENARIO.read_text() == BEFORE


def a_zoom_is_drawn_over_the_picture(browser, address):
    with Film(browser, address) as page:
        page.locator(".f-block.deed", has_text="type").first.click()
        page.keyboard.press("z")
        drawn(page, over(page, 0.25, 0.25), over(page, 0.75, 0.75))
        expect(page.locator("#f-said")).to_contain_text("the zoom was written")
        text = SCENARIO.read_text()
        assert "zoom: { x: 2" in text and "type: Hello\n    zoom" in text, text
        expect(page.locator(".f-zoom")).to_be_visible()
        picture(page, "zoom")
        page.locator(".f-side button", has_text="Action").click()
        written(page, "zoom", BEFORE.replace("type: Hello\n", "type: Hello\n    zoom: action\n"))
        page.locator(".f-side button", has_text="Automatic").click()
        expect(page.locator("#f-said")).to_contain_text("removed")
        assert SCENARIO.read_text() == BEFORE


def the_film_is_played_and_sought(browser, address):
    with Film(browser, address) as page:
        clock = page.locator("#f-clock")
        page.locator("#f-head").focus()
        page.keyboard.press("ArrowRight")
        expect(clock).to_contain_text("0:01.0 /")
        page.keyboard.press(" ")
        page.wait_for_function("() => !document.getElementById('f-video').paused")
        page.keyboard.press(" ")
        page.keyboard.press("End")
        expect(page.locator("#f-now")).not_to_be_empty()
        page.keyboard.press("Home")
        expect(clock).to_contain_text("0:00.0 /")


def a_draft_is_drawn_and_played(browser, address):
    with Film(browser, address) as page:
        page.locator("#f-try").click()
        draft = page.locator("#f-draft")
        expect(draft).to_be_visible(timeout=120_000)
        page.wait_for_function("() => document.getElementById('f-draft').videoWidth === 400")
        picture(page, "draft")
        page.locator("#f-shut").click()
        expect(page.locator("#f-preview")).not_to_be_visible()


def main():
    show = subprocess.Popen(
        [PROGRAM, "show", "--no-open"], cwd=FOLDER, stdout=subprocess.PIPE, text=True
    )
    try:
        address = show.stdout.readline().strip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            for check in [
                the_page_keeps_the_rules_in_both_schemes_and_three_widths,
                a_caption_is_drawn_to_its_place_and_back_with_keys,
                words_are_written_beside_a_step_and_taken_back,
                the_end_of_a_caption_is_drawn_in_the_timeline,
                a_zoom_is_drawn_over_the_picture,
                the_film_is_played_and_sought,
                a_draft_is_drawn_and_played,
            ]:
                check(browser, address)
                print("passed:", check.__name__.replace("_", " "), flush=True)
            browser.close()
    finally:
        show.terminate()
        show.wait(10)
    assert not complaints, complaints


main()
