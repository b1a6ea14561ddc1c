"""Draw the first question and the check page of every language in one picture, as on a phone and as at a kiosk.

For docs/screenshots.md: python -m tests.language_pictures.
"""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser

from tests.answering import UNIT
from tests.browser.person import Person, a_person, served
from tests.language_folders import SHOWN
from tests.pictures import OUT, chromium
from tests.resident_house import ResidentHouse, make_resident_house

COLOURS, GAP = 16, 12
PHONE, KIOSK = (360, 740), (1280, 800)
# How wide each page is drawn, and how many languages stand in a row.
DRAWN = {PHONE: (216, 3), KIOSK: (448, 2)}


def pages(person: Person, path: str) -> list[Image.Image]:
    """The first question, and the check page with it answered."""
    person.opens(path)
    person.page.evaluate("document.querySelector('.demo').remove()")
    person.page.click(".next")
    taken = [person.page.screenshot()]
    person.page.locator("label.choice:visible").first.click()
    person.goes_on(8)
    taken.append(person.page.screenshot())
    return [Image.open(io.BytesIO(each)).convert("RGB") for each in taken]


def draw(browser: Browser, address: str, start: str, size: tuple[int, int], name: str) -> None:
    """One picture: each language's two pages beside each other."""
    wide, languages = DRAWN[size]
    high = size[1] * wide // size[0]
    rows = -(-len(SHOWN) // languages)
    whole = Image.new("RGB", (2 * languages * (wide + GAP) + GAP, rows * (high + GAP) + GAP), "#8a949d")
    for number, tag in enumerate(SHOWN):
        person = a_person(browser, address, width=size[0], height=size[1])
        for column, page in enumerate(pages(person, f"{start}/{tag}")):
            across = 2 * (number % languages) + column
            small = page.resize((wide, high), Image.Resampling.LANCZOS)
            whole.paste(small, (GAP + across * (wide + GAP), GAP + number // languages * (high + GAP)))
        person.page.context.close()
    whole.quantize(COLOURS, dither=Image.Dither.NONE).save(OUT / f"{name}.png", optimize=True)


def draw_all(browser: Browser, house: ResidentHouse) -> None:
    """Both pictures."""
    with served(house.made.app) as address:
        draw(browser, address, f"/s/{UNIT}", PHONE, "languages-phone")
        draw(browser, address, house.kiosk, KIOSK, "languages-kiosk")


if __name__ == "__main__":
    with TemporaryDirectory() as folder, chromium() as opened:
        draw_all(opened, make_resident_house(Path(folder) / "house"))
