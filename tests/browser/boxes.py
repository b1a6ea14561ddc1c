"""What is cut, sticks out or lies over something else on a page, measured on the boxes of what is drawn."""

from playwright.sync_api import Page

# WCAG 1.4.12: nothing may be lost when a reader sets the text this wide.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    " p { margin-block-end: 2em !important }"
)
# Rules of a reader's own; a page's policy is for its author's.
READS_WITH = (
    "(rules) => { const own = new CSSStyleSheet(); own.replaceSync(rules); document.adoptedStyleSheets = [own] }"
)
FAULTS = """() => {
  const found = [], words = [], said = (each) => each.textContent.trim().slice(0, 50);
  const over = document.querySelector('dialog[open]') || document.querySelector('main');
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  for (const each of over.querySelectorAll('*')) {
    const at = each.getBoundingClientRect(), look = getComputedStyle(each);
    if (!at.width || !each.checkVisibility({ visibilityProperty: true }) || each.matches('option, select *')) continue;
    if (at.left < -1 || at.right > innerWidth + 1) found.push('off screen: ' + said(each));
    if (each.matches('svg, svg *, img')) continue;
    const wide = each.scrollWidth > each.clientWidth + 1, high = each.scrollHeight > each.clientHeight + 1;
    const cuts = (way) => ['hidden', 'clip', 'auto', 'scroll'].includes(way);
    if (each.clientWidth && (wide && cuts(look.overflowX) || high && cuts(look.overflowY)) && each !== over) {
      found.push('cut: ' + said(each));
    }
    if (each.clientWidth && wide && look.display !== 'inline') found.push('wider than its box: ' + said(each));
  }
  const drawn = document.createRange();
  for (const text = document.createTreeWalker(over, NodeFilter.SHOW_TEXT); text.nextNode();) {
    const parent = text.currentNode.parentElement;
    const idle = parent.closest('script, style, option, noscript, dialog:not([open])');
    if (!text.currentNode.data.trim() || idle) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    drawn.selectNodeContents(text.currentNode);
    for (const box of drawn.getClientRects()) words.push([box, text.currentNode]);
  }
  words.sort((one, other) => one[0].top - other[0].top);
  words.forEach(([one, first], n) => {
    for (const [other, second] of words.slice(n + 1)) {
      if (other.top > one.bottom) break;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      const least = Math.min(one.height, other.height);
      if (first !== second && across > 2 && down > least / 3) {
        found.push('over each other: ' + said(first) + ' | ' + said(second));
      }
    }
  });
  return found;
}"""


def faults_of_boxes(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    found: list[str] = page.evaluate(FAULTS)
    return found


def spaced(page: Page, rules: str = SPACING) -> None:
    """Read the page with these rules of one's own from now on; with none, as it is."""
    page.evaluate(READS_WITH, rules)
