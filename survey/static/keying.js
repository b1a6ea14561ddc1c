// Keys for who types in a pile of forms: a digit answers the question one stands at and goes on to the next, 0 is no
// answer, a space goes on with what is chosen. Without this file they are plain radio buttons.
"use strict";

(() => {
const form = document.querySelector("form.keying"), rows = [...form.querySelectorAll("fieldset")];
const button = form.querySelector("button.main"), nothing = (each) => each.value === "";
const goTo = (row) => (row ? row.querySelector("input:checked") || row.querySelector("input") : button).focus();

// What the key does at this row, or nothing: the row to go to, after what it has answered.
function pressed(key, row, focused) {
  const at = rows.indexOf(row), answers = [...row.querySelectorAll("input")];
  if (key === "Backspace") return rows[at - 1] || row;
  if (key === "Enter") return button;
  if (key === " ") return focused.checked ? rows[at + 1] || button : null;
  const chosen = key === "0" ? answers.find(nothing) : answers.filter((each) => !nothing(each))[key - 1];
  if (!chosen) return null;
  chosen.checked = true;
  return rows[at + 1] || button;
}

form.addEventListener("keydown", (event) => {
  const row = event.target.closest("fieldset");
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const back = event.target === button && event.key === "Backspace" && rows[rows.length - 1];
  const to = row ? pressed(event.key, row, event.target) : back;
  // A key that is held down locks nothing.
  if (to || (event.target === button && event.repeat)) event.preventDefault();
  if (to) goTo(to === button ? null : to);
});
form.classList.add("by-keys");
document.getElementById("keys").hidden = false;
})();
