"""The edge of what can be moved sideways: a stroke stands there while something is beyond it."""

from playwright.sync_api import Locator, Page


def edge_of(page: Page, region: Locator, below: int) -> bytes:
    """The picture of a few pixels of the right edge, `below` its upper one, where no word stands."""
    box = region.bounding_box()
    assert box is not None
    return page.screenshot(clip={"x": box["x"] + box["width"] - 2, "y": box["y"] + below, "width": 2, "height": 6})
