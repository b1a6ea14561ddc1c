// The conversation sheet. On its own page it prints and saves. From the thanks, where what was answered is still in
// memory, it fills in the empty sheet on this device: the answers are sent nowhere, and written nowhere but by who
// presses Spara. They are gone from here as soon as the page is left, so that Back shows an empty sheet.
(() => {
const doc = document;
const query = (selector) => doc.querySelector(selector);
const queryAll = (selector, from = doc) => [...from.querySelectorAll(selector)];
// What was answered, as `question=code`; the looks of the sheet, which come with its page.
let answers = null, looks = '';

const fill = () => {
  for (const option of queryAll('[data-answer]')) {
    if (answers && answers.has(option.dataset.answer)) option.setAttribute('aria-current', true);
    else option.removeAttribute('aria-current');
  }
  query('#own').hidden = !answers;
  query('#acts').hidden = false;
};

const dress = (style) => {
  const [sheet] = doc.styleSheets;
  looks = style;
  sheet.insertRule(`@media all{${looks}}`, sheet.cssRules.length);
};

// The text of a page; nothing, if it does not come.
const fetchText = async (address) => {
  try {
    const signal = self.AbortSignal.timeout(18000);
    const reply = await fetch(address, { redirect: 'manual', cache: 'no-store', signal });
    return await reply.text();
  } catch {
    return '';
  }
};

// The looks are taken out before the page is read as one: the policy of the thanks does not know them.
const open = async (address, teller) => {
  const [head, style, rest] = (await fetchText(address)).split(/<\/?style>/);
  const page = new DOMParser().parseFromString(head + rest, 'text/html');
  if (!page.querySelector('article')) {
    query('#problem').textContent = teller.dataset.away;
    return;
  }
  if (!looks) dress(style);
  self.answerSheet.replacePage(page);
  fill();
};

const save = (file) => {
  const page = doc.documentElement.cloneNode(true);
  for (const idle of queryAll('script, header, footer, dialog, form, .alert, #own, #acts, #problem', page)) {
    idle.remove();
  }
  if (looks) page.querySelector('style').textContent = looks;
  const link = doc.createElement('a');
  link.href = self.URL.createObjectURL(new self.Blob([`<!doctype html>${page.outerHTML}`], { type: 'text/html' }));
  link.download = file;
  link.click();
  self.URL.revokeObjectURL(link.href);
};

doc.addEventListener('click', (event) => {
  const pressed = event.target.closest('a, button');
  if (!pressed || !query('article')) return;
  if (pressed.dataset.act === 'print') self.print();
  else if (pressed.dataset.act === 'save') save(pressed.dataset.file);
  else if (answers && pressed.matches('#languages .row')) {
    event.preventDefault();
    open(pressed.href, query('#problem'));
  }
});
addEventListener('pagehide', () => {
  answers = null;
  if (query('article')) fill();
});

self.pressAid = (link) => {
  const sent = self.answerSheet.sent();
  answers = sent && new Set([...sent].map((each) => each.join('=')));
  open(link.href, link);
};
if (query('article')) query('#acts').hidden = false;
})();
