"""The site in Chromium: three journeys, every kind of page at two widths, no rule of WCAG broken, nothing from outside."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from site_serving import PAGES, database, datasette, serving

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else shutil.which("chromium")
WIDTHS = {"phone": (360, 740, "dark"), "wide": (1440, 900, "light")}


@pytest.fixture(scope="module")
def axe():
    package = pytest.importorskip("axe_core_python", reason="needs the package axe-core-python")
    return next(Path(package.__file__).parent.glob("axe*.js")).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(datasette(database(tmp_path_factory.mktemp("site")))) as root:
        yield root


@pytest.fixture
def open_page(browser, address):
    """Open a page that must ask nobody else and must not complain."""
    contexts, complaints = [], []

    def opened(width: str = "wide", **options):
        across, down, scheme = WIDTHS[width]
        options = {"viewport": {"width": across, "height": down}, "color_scheme": scheme, **options}
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(address) or complaints.append(f"asked {asked.url}"))
        return page

    opened.complaints = complaints
    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_breaks_no_rule_of_accessibility_and_fits_its_screen(open_page, address, axe, kind):
    page = open_page()
    page.goto(f"{address}/evidence/{PAGES[kind]}".rstrip("/").replace("/?", "?"))
    page.evaluate(axe)
    for across, down, scheme in WIDTHS.values():
        page.set_viewport_size({"width": across, "height": down})
        page.emulate_media(color_scheme=scheme)
        result = page.evaluate("axe.run({resultTypes: ['violations']})")

        broken = [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in result["violations"]]
        assert (across, broken) == (across, [])
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    if kind == "not found":
        # The browser itself reports the status of the page as an error of the console.
        open_page.complaints[:] = [each for each in open_page.complaints if "404" not in each]


def test_journey_find_a_figure_and_trust_it(open_page, address):
    page = open_page()
    page.goto(address)
    page.get_by_label("Find a group").fill("nurses")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="23.5% of nurses").click()

    assert page.locator("p.figure").inner_text() == "23.5%"
    assert page.locator("blockquote mark").first.inner_text() == "23.5%"
    assert "large, random and neutral" in page.get_by_role("region", name="How far to trust it").inner_text()
    page.get_by_role("link", name="Sleep in Northshire").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Sleep in Northshire"


def test_journey_compare_groups(open_page, address):
    page = open_page()
    page.goto(address)
    page.get_by_role("table").get_by_role("link", name="Sleeps badly on most nights").click()

    assert page.get_by_role("img", name="by group").first.is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="SVG", exact=True).first.click()
    assert "nurses" in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("link", name="Chart with its data").first.click()
    assert page.get_by_role("row").count() == 4


def test_journey_take_a_citation_away(open_page, address):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/evidence/{PAGES['finding']}")
    page.get_by_text("BibTeX", exact=True).click()
    page.get_by_role("button", name="Copy BibTeX").click()
    page.get_by_role("button", name="Copied").wait_for()

    assert "@techreport{northshire-report" in page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        page.get_by_role("link", name=".ris").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("TY  - ")


def test_a_list_is_narrowed_searched_and_taken_away_without_javascript(open_page, address):
    page = open_page("phone", java_script_enabled=False)
    page.goto(f"{address}/evidence/findings_readable")
    page.get_by_label("Search in this list").fill("teachers")
    page.get_by_role("button", name="Apply").click()

    assert page.locator("tbody tr").count() == 1
    assert page.locator("tbody mark").first.inner_text() == "teachers"
    page.locator("a.statement").click()
    assert page.locator("p.figure").inner_text() == "9.0%"
    assert page.get_by_role("button", name="Copy Text").count() == 0


def test_the_keyboard_reaches_the_content_and_the_search(open_page, address):
    page = open_page()
    page.goto(f"{address}/evidence/{PAGES['group']}")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_nothing_moves_while_a_page_loads(open_page, address):
    page = open_page("phone")
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => { for (const entry of list.getEntries()) "
        "window.moved += entry.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(f"{address}/evidence/{PAGES['finding']}")
    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.moved") < 0.1
