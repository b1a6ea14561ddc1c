// Asks the device for a passkey and puts its reply into the form, which is sent as any other.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const written = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

async function ask(options, make) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (!make) {
    publicKey.allowCredentials = named(options.allowCredentials);
    return navigator.credentials.get({ publicKey });
  }
  publicKey.user = { ...options.user, id: bytes(options.user.id) };
  publicKey.excludeCredentials = named(options.excludeCredentials);
  return navigator.credentials.create({ publicKey });
}

function reply(made) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[part]) response[part] = written(made.response[part]);
  }
  return JSON.stringify({ id: made.id, rawId: written(made.rawId), type: made.type, response });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const trouble = form.querySelector("[role=alert]");
    trouble.hidden = true;
    try {
      const made = await ask(JSON.parse(form.dataset.options), form.dataset.passkey === "make");
      form.elements.credential.value = reply(made);
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
  form.querySelector("button").disabled = !window.PublicKeyCredential;
}
