// Shows the sheet one question at a time, on the reader's device alone: nothing is sent between the questions.
// Without this script all questions stand on the page and the form works as it is; with it, next and back, a check
// page, the browser's own back button, and a language switch that never sends an answer. Nothing is stored on the
// device: the history holds the number of the step and nothing else.
// Answers leave the screen only for a thank-you with the mark of this very form. Whatever else comes back (a gateway's
// error, a portal's page, a redirect, half a page, nothing) leaves them where they are.
(() => {
const LENGTH = 1024, PATIENCE = 18000;
const GIVEN = 'input:checked, option:checked:not([value=""])';
const doc = document;
const one = (selector) => doc.querySelector(selector);
const all = (selector, from = doc) => [...from.querySelectorAll(selector)];
let form, steps, last, checking, name, busy;
let at = 0, reached = 0, depth = 0;

// The code is in the part of the address that is never sent; it goes into its field and out of the address.
const take = () => {
  const field = one('#code');
  const code = location.hash.replace(/^#(%23|#)?/i, '').replace(/%20/g, ' ');
  if (!field || !code || doc.getElementById(code)) return;
  field.value = code;
  if (one('#needed')) one('#needed').remove();
  history.replaceState(history.state, '', location.pathname);
};
addEventListener('hashchange', take);
take();
// A browser that lacks what follows shows all questions on one page, and sends the form by itself.
if (!self.AbortController || !self.SubmitEvent || !self.HTMLDialogElement) return;

// One length for every pattern of answers, also for who only sees how much was sent.
doc.addEventListener('formdata', ({ formData }) => {
  if (busy) formData.set('in_place', 1);
  const size = new URLSearchParams(formData).toString().length + 5;
  formData.set('pad', 'x'.repeat(LENGTH - (size % LENGTH)));
});

const begin = (step, focus) => {
  form = one('#sheet');
  name = doc.title;
  if (!form) {
    focusOn(one('h1'));
    return;
  }
  steps = all('.step', form);
  last = steps.length - 1;
  form.classList.add('is-stepwise');
  const kept = one('.plain');
  if (kept) kept.remove();
  reached = Math.max(reached, step);
  const problem = one('#problem');
  show(step, focus && !problem);
  if (problem) focusOn(problem);
};

const focusOn = (element) => {
  element.tabIndex = -1;
  scrollTo(0, 0);
  element.focus({ preventScroll: true });
};

const show = (step, focus = true) => {
  const asked = step > 0 && step < 8;
  at = step;
  steps.forEach((section, n) => section.classList.toggle('is-current', n === step));
  form.elements.at.value = step;
  const bar = one('.steps');
  bar.hidden = !asked;
  [...bar.children].forEach((mark, n) => { mark.className = n + 1 < step ? 'done' : n + 1 === step ? 'now' : ''; });
  one('.back').hidden = step === 0;
  const next = one('.next');
  next.hidden = step === last;
  next.textContent = steps[step].dataset.next || (checking ? form.dataset.done : next.dataset.label);
  one('.send').hidden = step !== last;
  if (step === last) review();
  offerToClear();
  const menu = one('#languages');
  if (menu.open) menu.close();
  const head = one('.is-current [tabindex="-1"]');
  doc.title = asked ? `${one('.is-current .count').textContent} – ${name}` : step ? `${head.textContent} – ${name}` : name;
  if (focus) focusOn(head);
};

const offerToClear = () => {
  one('.clear').hidden = at === last || !one('.is-current').querySelector(GIVEN);
};

const go = (step) => {
  const problem = one('#problem');
  if (problem) problem.remove();
  reached = Math.max(reached, step);
  depth += 1;
  show(step);
  history.pushState([step, depth], '');
};

// What was chosen, read from the page itself in its order, with a way back to each.
const review = () => {
  checking = true;
  const list = one('.answers');
  list.textContent = '';
  list.hidden = false;
  steps.slice(1, last).forEach((section, n) => {
    const told = all('.field', section).filter((part) => part.querySelector(GIVEN));
    for (const part of told[0] ? told : [section]) {
      const chosen = part.querySelector('input:checked + span, option:checked:not([value=""])');
      const row = list.appendChild(made('div'));
      const title = row.appendChild(made('dt', part.querySelector(told[0] ? 'legend, label' : 'h2')));
      const answer = row.appendChild(made('dd'));
      answer.append(made('span', chosen || form.dataset.none));
      answer.className = chosen ? '' : 'none';
      const change = answer.appendChild(made('button', form.dataset.change));
      change.type = 'button';
      change.className = 'button-link';
      change.dataset.step = n + 1;
      change.setAttribute('aria-label', `${form.dataset.change}: ${title.textContent}`);
    }
  });
};

// An element with these words, or with what stands in another element, in whichever language it is marked to be.
const made = (tag, words = '') => {
  const element = doc.createElement(tag);
  element.append(...(words.childNodes ? words.cloneNode(true).childNodes : [words]));
  return element;
};

// What answers in our place has no mark: a page of ours ends with one, so half a page has none either.
const said = (page) => { const mark = page.querySelector('#said'); return mark ? mark.value : ''; };
const sheetIn = (page) => page.querySelector('#sheet [name=form_id]');

const fetched = async (address, more) => {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE);
  try {
    const reply = await fetch(address, { redirect: 'manual', cache: 'no-store', signal: limit.signal, ...more });
    return new DOMParser().parseFromString(await reply.text(), 'text/html');
  } catch {
    return doc.implementation.createHTMLDocument();
  } finally {
    clearTimeout(timer);
  }
};

// While something is on its way nobody walks away from it, and it is said.
const waits = (words) => {
  busy = !!words;
  form.inert = busy;
  one('#wait').textContent = words;
};

// The same page in another language, with what has been answered put back. The form id stays: it names these answers.
const speak = async (tag) => {
  const ours = form, kept = [...new FormData(form)];
  const menu = one('#languages');
  if (menu.open) menu.close();
  waits(form.dataset.wait);
  const page = await fetched(form.action.replace(/[^/]*$/, tag));
  if (form !== ours) return;
  waits('');
  if (!sheetIn(page)) {
    tell([form.dataset.away]);
    return;
  }
  swap(page, kept);
  history.replaceState([at, depth], '', form.action);
};

// Another page in this one's place, with the answers as they were here.
const swap = (page, kept = [], step = at) => {
  for (const idle of all('script, noscript', page)) idle.remove();
  for (const told of ['lang', 'dir']) doc.documentElement[told] = page.documentElement[told];
  doc.title = page.title;
  doc.body.replaceWith(page.body);
  form = one('#sheet');
  for (const [field, value] of kept) if (form.elements[field] && field !== 'pad') form.elements[field].value = value;
  begin(step, true);
};

// The way back through the steps is gone over at once, so that one Back leaves.
const settle = (address) => {
  const there = () => history.replaceState([0, 0], '', address);
  const way = depth;
  depth = reached = at = 0;
  checking = false;
  if (!way) there();
  else {
    addEventListener('popstate', there, { once: true });
    history.go(-way);
  }
};

// A page that came back from the server has no earlier steps in the history.
const back = () => {
  if (depth > 0) history.back();
  else {
    show(at - 1);
    history.replaceState([at, depth], '');
  }
};

const tell = (lines, again) => {
  const problem = one('#problem') || form.parentNode.insertBefore(made('div'), form);
  Object.assign(problem, { id: 'problem', className: 'alert', textContent: '' });
  problem.setAttribute('role', 'alert');
  for (const line of lines) problem.append(made('p', line));
  if (again) {
    const button = problem.appendChild(made('button', form.dataset.again));
    Object.assign(button, { type: 'button', className: 'button-primary again' });
  }
  focusOn(problem);
};

// Sent again it is counted once, by the form id or the code; so whatever is not known may be tried again.
const send = async () => {
  const ours = form, action = form.action;
  waits(form.dataset.sending);
  const sent = new FormData(form), mark = sent.get('form_id');
  const page = await fetched(action, { method: 'POST', body: new URLSearchParams(sent) });
  if (form !== ours) return;
  waits('');
  if (mark && said(page) === `kept ${mark}`) {
    swap(page);
    settle(`${action}/thanks`);
  } else if (sheetIn(page) && page.querySelector('#problem')) {
    const kept = [...sent].filter(([field]) => field !== 'form_id' && field !== 'at');
    swap(page, kept, Number(sheetIn(page).form.dataset.at));
  } else if (page.querySelector('#what') && said(page)) tell(all('#what > *', page));
  else tell([form.dataset.lost], true);
};

doc.addEventListener('submit', (event) => {
  if (event.target !== form) return;
  event.preventDefault();
  const pressed = event.submitter;
  if (busy) return;
  if (pressed && pressed.name === 'lang') speak(pressed.value);
  else if (at < last) go(checking ? last : at + 1);
  else send();
});

doc.addEventListener('click', (event) => {
  const pressed = event.target.closest('a, button');
  if (!pressed || !form) return;
  const menu = one('#languages');
  const faulty = pressed.matches('#problem a') && one(pressed.hash);
  if (busy);
  else if (pressed.matches('.next')) go(checking ? last : at + 1);
  else if (pressed.matches('.back')) back();
  else if (pressed.matches('.again')) send();
  else if (pressed.matches('.clear')) {
    for (const field of all('.is-current input, .is-current select')) field[field.type === 'radio' ? 'checked' : 'value'] = '';
    offerToClear();
    focusOn(one('.is-current [tabindex="-1"]'));
  }
  else if (pressed.dataset.step) go(Number(pressed.dataset.step));
  else if (faulty) (faulty.querySelector('[tabindex]') || faulty).focus();
  else if (pressed.matches('[href="#languages"]')) menu.showModal();
  else if (pressed.matches('[data-close]')) menu.close();
  else return;
  event.preventDefault();
});

doc.addEventListener('change', () => { if (form) offerToClear(); });

addEventListener('popstate', ({ state }) => {
  if (!form || !state) return;
  if (!busy) {
    depth = state[1];
    show(state[0] <= reached ? state[0] : 0);
  } else if (state[1] !== depth) history.go(depth - state[1]);
});
// A kiosk forgets by itself, and a question in its way would keep the answers on the screen.
addEventListener('beforeunload', (event) => {
  if (!form || !form.querySelector(GIVEN) || one('#still')) return;
  event.preventDefault();
  event.returnValue = true;
});

// What a kiosk's own script does with the page.
self.seven = {
  fetched, said, sheetIn, swap, settle,
  answered: () => form && form.querySelector(GIVEN),
  wipe: () => { form = busy = null; },
};
if (!one('#sheet')) return;
const first = Number(one('#sheet').dataset.at);
begin(first, first > 0);
if (history.state && history.state[1]) {
  depth = history.state[1];
  settle(location.pathname);
} else history.replaceState([at, depth], '');
})();
