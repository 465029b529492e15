"""Uses every control of a report's page in Chromium, as a person does with a mouse, with
keys and on a phone, and checks the page against the rules of axe-core.

    python page.py FOLDER

FOLDER is the artifacts of a run of three scenarios: one whose picture differs, with a
recording (play.yaml), one that misses a widget (miss.yaml), one that passed (ok.yaml).
With a second argument, pictures of the page are written to that folder.
"""

import pathlib
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

FOLDER = pathlib.Path(sys.argv[1]).resolve()
PICTURES = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
ADDRESS = (FOLDER / "report.html").as_uri()
complaints = []


class Page:
    """The page in a window of its own, with what the console says of it."""

    def __init__(self, browser, width=1280, height=900, scheme="light", hash="", scripts=True):
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=scripts,
        )
        self.page = self.context.new_page()
        self.page.on("console", lambda line: complaints.append(line.text))
        self.page.on("pageerror", lambda error: complaints.append(str(error)))
        self.page.goto(ADDRESS + hash)

    def __enter__(self):
        return self.page

    def __exit__(self, *_):
        self.context.close()


def scenario(page, file):
    return page.locator(".scenario", has=page.locator(f"code:text-is('{file}:2')"))


def rules_hold(page, where):
    broken = Axe().run(page).response["violations"]
    told = [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in broken]
    assert not told, f"{where}: {told}"


def picture(page, name):
    if PICTURES:
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def films(page, count):
    """Waits until so many traces are shown."""
    expect(page.locator(".trace:not([hidden]) .film button:first-child")).to_have_count(count)


def the_page_keeps_the_rules_in_both_schemes_and_three_widths(browser):
    for scheme in ["light", "dark"]:
        for width in [1280, 800, 390]:
            with Page(browser, width, scheme=scheme) as page:
                films(page, 2)
                where = f"{scheme}-{width}"
                picture(page, where)
                rules_hold(page, where)
                wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                assert not wide, f"{where}: it scrolls sideways"
                page.locator(".compare [data-way=slider]").first.click()
                rules_hold(page, f"{where}: pictures")
                page.locator("#viewer-close").click()
                page.locator("#keys").click()
                rules_hold(page, f"{where}: keys")


def the_search_and_the_buttons_find_scenarios(browser):
    with Page(browser) as page:
        shown = page.locator(".scenario:not([hidden])")
        expect(shown).to_have_count(3)
        page.keyboard.press("/")
        page.keyboard.type("& c")
        expect(shown).to_have_count(1)
        expect(page.locator("#found")).to_have_text("1 of 3")
        assert page.url.endswith("#?text=%26+c"), page.url
        shown.locator("> summary").click()
        expect(shown.locator(".step.hit")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(shown).to_have_count(3)
        page.locator("[data-only=failed]").click()
        expect(shown).to_have_count(2)
        page.locator("[data-tag=editor]").click()
        expect(shown).to_have_count(1)
        again = page.url
        page.locator("[data-only=failed]").click()
        expect(shown).to_have_count(2)
        page.goto("about:blank")
        page.goto(again)
        expect(shown).to_have_count(1)
        expect(page.locator("[data-tag=editor]")).to_have_attribute("aria-pressed", "true")


def keys_go_to_failures_scenarios_and_steps(browser):
    with Page(browser) as page:
        films(page, 2)
        page.keyboard.press("n")
        expect(page.locator(".finding:focus")).to_contain_text("differs")
        page.keyboard.press("n")
        expect(page.locator(".finding:focus")).to_contain_text("Equals")
        page.keyboard.press("p")
        expect(page.locator(".finding:focus")).to_contain_text("differs")
        for _ in range(4):
            page.keyboard.press("j")
        passed = scenario(page, "ok.yaml")
        expect(passed.locator("> summary")).to_be_focused()
        page.keyboard.press("Enter")
        films(page, 3)
        which = passed.locator(".which strong")
        expect(which).to_contain_text("4. wait")
        page.keyboard.press("ArrowLeft")
        expect(which).to_contain_text("3. type")
        passed.locator(".film").focus()
        page.keyboard.press("Home")
        expect(which).to_contain_text("1. launch")
        page.keyboard.press("End")
        expect(which).to_contain_text("4. wait")
        page.keyboard.press("1")
        expect(passed.locator("[data-view=before]")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("3")
        expect(passed.locator("dl")).to_contain_text("Differs")
        page.keyboard.press("f")
        expect(page.locator("#viewer")).to_be_visible()
        expect(page.locator("#viewer-title")).to_have_text("After")
        page.keyboard.press("f")
        page.keyboard.press("k")
        expect(scenario(page, "miss.yaml").locator("> summary")).to_be_focused()
        page.keyboard.press("?")
        expect(page.locator("#shortcuts")).to_be_visible()
        page.locator("#single-keys").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        expect(page.locator("#find")).not_to_be_focused()


def a_step_has_a_link_that_unfolds_its_scenario(browser):
    with Page(browser) as page:
        scenario(page, "ok.yaml").locator("> summary").click()
        page.locator(".scenario.passed .step .number").nth(1).click()
        link = page.url
    with Page(browser, hash="#" + link.split("#")[1]) as page:
        passed = scenario(page, "ok.yaml")
        expect(passed.locator(".step:target")).to_be_in_viewport()
        expect(passed.locator(".which strong")).to_contain_text("2. wait")


def the_trace_shows_what_was_seen_and_is_scrubbed_through(browser):
    with Page(browser) as page:
        films(page, 2)
        missed = scenario(page, "miss.yaml")
        facts = missed.locator(".told dl")
        expect(missed.locator(".which strong")).to_contain_text("Equals")
        for fact in ["- click: { role: button, name: Equals }", "galculator", "has the keyboard"]:
            expect(facts).to_contain_text(fact)
        film = missed.locator(".film")
        film.locator("button").first.hover()
        page.mouse.down()
        film.locator("button").nth(2).hover()
        expect(film.locator("[aria-selected=true]")).to_have_text("4")
        page.mouse.up()
        expect(missed.locator(".step.shown-now")).to_contain_text('click button "7"')
        expect(missed.locator(".aim")).to_be_visible()
        expect(missed.locator(".at")).to_be_attached()
        missed.locator(".step", has_text="launch").locator(".what").click()
        expect(missed.locator(".which strong")).to_contain_text("1. launch")
        drawn = "canvas => canvas.toDataURL().length"
        canvas = missed.locator(".screen canvas")
        sizes = []
        for view in ["before", "after", "difference"]:
            missed.locator(f"[data-view={view}]").click()
            sizes.append(canvas.evaluate(drawn))
        assert len(set(sizes)) > 1, sizes
        canvas.click()
        expect(page.locator("#viewer")).to_be_visible()
        page.locator("#viewer-close").click()
        missed.locator(".enlarge").click()
        expect(page.locator("#viewer")).to_be_visible()


def pictures_are_compared_in_every_way_down_to_the_pixel(browser):
    with Page(browser) as page:
        first = page.locator(".finding").first
        title, over = page.locator("#viewer-title"), page.locator("#viewer-over")
        first.locator(".picture").first.click()
        expect(title).to_have_text("Expected")
        page.keyboard.press("ArrowRight")
        expect(title).to_have_text("Actual")
        page.locator(".viewer-kinds button", has_text="Difference").click()
        expect(title).to_have_text("Difference")
        page.locator(".viewer-ways [data-way=slider]").click()
        expect(title).to_have_text("Expected on the left, actual on the right")
        page.locator("#viewer-share").fill("30")
        assert "70%" in over.evaluate("image => image.style.clipPath")
        page.keyboard.press("o")
        assert over.evaluate("image => image.style.opacity") == "0.3"
        page.locator(".viewer-stage").focus()
        page.keyboard.press("b")
        expect(title).to_have_text("Expected")
        expect(title).to_have_text("Actual")
        page.keyboard.press("b")
        scale = page.locator("#viewer-scale")
        page.locator("[data-zoom=in]").click()
        larger = scale.text_content()
        page.locator("[data-zoom=out]").click()
        assert scale.text_content() != larger
        page.locator("[data-zoom=fit]").click()
        page.locator(".viewer-stage").hover()
        expect(page.locator("#viewer-pixel")).to_contain_text("Expected #336699")
        expect(page.locator("#viewer-pixel")).to_contain_text("Actual #")
        before = page.locator("#viewer-pixel").text_content()
        page.locator(".viewer-stage").focus()
        page.keyboard.press("Shift+ArrowRight")
        expect(page.locator("#viewer-pixel")).not_to_have_text(before)
        for _ in range(12):
            page.mouse.wheel(0, -100)
        expect(page.locator(".viewer-paper i")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#viewer")).not_to_be_visible()
        for way in ["slider", "onion", "blink"]:
            first.locator(f".compare [data-way={way}]").click()
            pressed = page.locator(f".viewer-ways [data-way={way}]")
            expect(pressed).to_have_attribute("aria-pressed", "true")
            page.keyboard.press("Escape")


def a_video_is_sought_from_steps_and_marks_the_step_that_plays(browser):
    with Page(browser) as page:
        films(page, 2)
        first = scenario(page, "play.yaml")
        button = first.locator(".step .seek").last
        button.click()
        at = float(button.get_attribute("data-at"))
        video = first.locator("video")
        expect(video).to_be_focused()
        page.wait_for_function(
            "([video, at]) => Math.abs(video.currentTime - at) < 0.1", arg=[video.element_handle(), at]
        )
        expect(first.locator(".step.now")).to_have_count(1)
        first.locator(".finding .seek").click()
        first.locator("> summary").first.focus()
        page.keyboard.press("v")
        page.wait_for_function("video => !video.paused || video.ended", arg=video.element_handle())


def a_widget_of_the_list_is_marked_in_the_picture(browser):
    with Page(browser) as page:
        missed = scenario(page, "miss.yaml")
        missed.locator(".widgets li[data-area]", has_text='button "7"').hover()
        expect(missed.locator(".picture .pointer")).to_be_visible()
        page.mouse.move(0, 0)
        expect(missed.locator(".picture .pointer")).to_have_count(0)


def without_scripts_everything_is_there(browser):
    with Page(browser, scripts=False) as page:
        scenario(page, "ok.yaml").locator("> summary").click()
        expect(page.locator(".scenario.passed .step")).to_have_count(4)
        expect(page.locator("#find")).not_to_be_visible()


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for check in [
            the_page_keeps_the_rules_in_both_schemes_and_three_widths,
            the_search_and_the_buttons_find_scenarios,
            keys_go_to_failures_scenarios_and_steps,
            a_step_has_a_link_that_unfolds_its_scenario,
            the_trace_shows_what_was_seen_and_is_scrubbed_through,
            pictures_are_compared_in_every_way_down_to_the_pixel,
            a_video_is_sought_from_steps_and_marks_the_step_that_plays,
            a_widget_of_the_list_is_marked_in_the_picture,
            without_scripts_everything_is_there,
        ]:
            check(browser)
            print("passed:", check.__name__.replace("_", " "), flush=True)
        browser.close()
    assert not complaints, complaints


main()
