// Keys for who types in a pile of forms: a digit answers the question one stands at and goes on to the next, 0 is no
// answer, a space goes on with what is chosen. Without this file they are plain radio buttons. It stands in the head,
// so that no form is seen before its keys work: a digit that was lost would move the others to the wrong questions.
(() => {
const isNoAnswer = (input) => input.value === '';
const buttonOf = (form) => form.querySelector('button.button-primary');
const goTo = (row) => (row.querySelector('input:checked') || row.querySelector('input') || row).focus();

// The row one stands at. Who stands nowhere and has answered nothing is at the first.
const rowAt = (target, rows) => {
  if (target !== document.body) return target.closest('fieldset');
  const isAnswered = (row) => [...row.querySelectorAll('input:checked')].some((each) => !isNoAnswer(each));
  return rows.some(isAnswered) ? null : rows[0];
};

// What the key does at this row, or nothing: where to go, after what it has answered.
const pressKey = (key, row, focused, rows, button) => {
  const at = rows.indexOf(row), inputs = [...row.querySelectorAll('input')];
  if (key === 'Backspace') return rows[at - 1] || row;
  if (key === 'Enter') return button;
  if (key === ' ') return focused.checked ? rows[at + 1] || button : null;
  const chosen = key === '0' ? inputs.find(isNoAnswer) : inputs.filter((each) => !isNoAnswer(each))[key - 1];
  if (!chosen) return null;
  chosen.checked = true;
  return rows[at + 1] || button;
};

document.addEventListener('keydown', (event) => {
  const form = document.querySelector('form.keying'), target = event.target;
  if (!form || !buttonOf(form) || event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = [...form.querySelectorAll('fieldset')], button = buttonOf(form), row = rowAt(target, rows);
  const back = target === button && event.key === 'Backspace' && rows[rows.length - 1];
  const next = row ? pressKey(event.key, row, target, rows, button) : back;
  // A key that is held down locks nothing.
  if (next || (target === button && event.repeat)) event.preventDefault();
  if (next) goTo(next);
});
document.documentElement.classList.add('by-keys');
})();
