"""What axe and the layout find on an open page, light and dark, on a telephone and on a desk."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SETTINGS = [(theme, width) for theme in ("light", "dark") for width in (390, 1280)]
IN_FULL = {("light", 390), ("dark", 1280)}
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that look at a colour

_FIND = """(options) => axe.run(options).then((told) => [
    ...told.violations.map((rule) => `${rule.id} ${rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 120))}`),
    ...[document.documentElement].filter((page) => page.scrollWidth > page.clientWidth)
        .map((page) => `${page.scrollWidth - page.clientWidth} px too wide`),
])"""


def findings(page: Page) -> list[str]:
    """What axe and the layout complain about, in the four settings, from one page load.

    Colours are looked at in all four; every other rule once in each theme and once at each width,
    for a theme changes nothing but colours.
    """
    page.evaluate(AXE_SCRIPT)
    found = []
    for theme, width in SETTINGS:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if (theme, width) not in IN_FULL:
            options["runOnly"] = OF_COLOURS
        found += [f"{page.url} {theme} {width}: {line}" for line in page.evaluate(_FIND, options)]
    return found
