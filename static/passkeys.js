// Passkeys: a form's hidden field gets the answer of the authenticator, and the form is sent. Every word that a
// person reads stands in the HTML.
(() => {
  "use strict";
  const credentials = navigator.credentials;
  const can = window.PublicKeyCredential;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // Browsers learned to read and write the JSON themselves in 2024 and 2025.
  function options(json, creates) {
    const reads = creates ? can.parseCreationOptionsFromJSON : can.parseRequestOptionsFromJSON;
    if (reads) return reads.call(can, json);
    const list = (named) => (named || []).map((one) => ({ ...one, id: bytes(one.id) }));
    const read = { ...json, challenge: bytes(json.challenge) };
    if (creates) return { ...read, user: { ...json.user, id: bytes(json.user.id) }, excludeCredentials: list(json.excludeCredentials) };
    return { ...read, allowCredentials: list(json.allowCredentials) };
  }
  function written(credential) {
    const { id, type, rawId, response: said } = credential;
    const response = { clientDataJSON: text(said.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (said[name]) response[name] = text(said[name]);
    }
    if (said.getTransports) response.transports = said.getTransports();
    return { id, type, rawId: text(rawId), response, clientExtensionResults: {} };
  }

  async function answer(form, extra) {
    const creates = form.dataset.passkey === "create";
    const begun = await fetch(`${form.action}/begin`, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: "{}",
    });
    // What is refused is refused again by the form, in words. What nobody has asked for is not.
    if (!begun.ok) return extra.mediation || form.submit();
    const publicKey = options((await begun.json()).publicKey, creates);
    const credential = await credentials[creates ? "create" : "get"]({ publicKey, ...extra });
    form.elements.credential.value = JSON.stringify(written(credential));
    form.submit();
  }

  function signal(form) {
    const rpId = location.hostname;
    const { unknown, handle, accepted } = form.dataset;
    const quietly = (said) => said && said.catch(() => {});
    if (unknown && can.signalUnknownCredential) {
      quietly(can.signalUnknownCredential({ rpId, credentialId: unknown }));
    }
    if (handle && can.signalAllAcceptedCredentials) {
      const allAcceptedCredentialIds = accepted.split(" ").filter(Boolean);
      quietly(can.signalAllAcceptedCredentials({ rpId, userId: handle, allAcceptedCredentialIds }));
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const part = (name) => form.querySelector(`[data-${name}]`);
    if (part("off")) part("off").hidden = true;
    if (!can || !credentials) {
      if (part("unsupported")) part("unsupported").hidden = false;
      continue;
    }
    signal(form);
    form.hidden = false;
    const button = form.querySelector("button");
    button.hidden = false;
    let waiting = new AbortController();

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      // One request at a time: the one that fills the field in gives way.
      waiting.abort();
      part("failed").hidden = true;
      button.setAttribute("aria-disabled", "true");
      try {
        await answer(form, {});
      } catch {
        part("failed").hidden = false;
        offer();
      }
      button.removeAttribute("aria-disabled");
    });

    // The browser offers passkeys where the address is typed. Its challenge lives ten minutes.
    async function offer() {
      if (form.dataset.passkey !== "get" || !document.querySelector("[autocomplete~=webauthn]")) return;
      if (!can.isConditionalMediationAvailable || !(await can.isConditionalMediationAvailable())) return;
      waiting = new AbortController();
      const { signal } = waiting;
      const again = setTimeout(() => {
        waiting.abort();
        offer();
      }, 9 * 60 * 1000);
      signal.addEventListener("abort", () => clearTimeout(again));
      await answer(form, { mediation: "conditional", signal }).catch(() => {});
    }
    offer();
  }
})();
