// Comforts on top of pages that work without them. Every word that a person reads stands in the HTML.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  function showPasswords() {
    for (const button of all("[data-reveal]")) {
      const input = button.parentElement.querySelector("input");
      button.hidden = false;
      const show = (shown) => {
        const { selectionStart, selectionEnd, selectionDirection } = input;
        input.type = shown ? "text" : "password";
        button.setAttribute("aria-pressed", shown);
        // A change of type moves the caret.
        input.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
      };
      // Keeps the keyboard of a phone open.
      button.addEventListener("pointerdown", (event) => event.preventDefault());
      button.addEventListener("click", () => show(input.type === "password"));
      // Text fields are remembered by browsers, passwords are not.
      input.form.addEventListener("submit", () => show(false));
    }
  }

  function localTimes() {
    const lang = document.documentElement.lang;
    const day = new Intl.DateTimeFormat(lang, { dateStyle: "long" });
    const full = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short" });
    // The formats lack the ordinal of French.
    const written = (format, date) => lang.startsWith("fr") ? format.format(date).replace(/^1(?=\s)/, "1er") : format.format(date);
    const ago = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
    const steps = [["day", 86400], ["hour", 3600], ["minute", 60]];
    for (const time of all("time[data-time]")) {
      const date = new Date(time.dateTime);
      if (isNaN(date)) continue;
      const seconds = Math.max(0, (Date.now() - date) / 1000);
      if (time.dataset.time === "full") {
        time.textContent = written(full, date);
        continue;
      }
      time.title = [written(full, date), time.title].filter(Boolean).join(" · ");
      if (time.dataset.time === "ago" && seconds < 30 * 86400) {
        const [unit, length] = steps.find(([, length]) => seconds >= length) || ["second", Infinity];
        time.textContent = ago.format(-Math.floor(seconds / length), unit);
      } else {
        time.textContent = written(day, date);
      }
    }
  }

  function sendOnce() {
    const buttons = (form) => all("button:not([type=button])", form);
    const restore = (form) => {
      delete form.dataset.sent;
      for (const button of buttons(form)) button.removeAttribute("aria-disabled");
    };
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (event.defaultPrevented) return;
      if (form.dataset.sent || form.dataset.waits) return event.preventDefault();
      form.dataset.sent = "yes";
      for (const button of buttons(form)) button.setAttribute("aria-disabled", "true");
      // A request that was stopped leaves no other trace.
      setTimeout(restore, 20000, form);
    });
    addEventListener("pageshow", () => all("form[data-sent]").forEach(restore));
  }

  // Counts down in the button what the alert says in words. A screen reader hears those, not each second.
  function countDown() {
    const alert = document.querySelector("[data-wait]");
    if (!alert) return;
    let end = Date.now() + alert.dataset.wait * 1000;
    for (const button of all(".door form .button:not(.quiet)")) {
      const label = button.textContent;
      button.form.dataset.waits = "yes";
      button.setAttribute("aria-disabled", "true");
      // The limit is the typed account's, as a rule.
      button.form.addEventListener("input", (event) => event.target.name === "email" && (end = 0));
      const tick = () => {
        const left = Math.ceil((end - Date.now()) / 1000);
        if (left > 0) {
          button.textContent = `${label} (${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")})`;
          setTimeout(tick, 500);
          return;
        }
        button.textContent = label;
        button.removeAttribute("aria-disabled");
        delete button.form.dataset.waits;
        if (alert.contains(document.activeElement)) button.focus();
        alert.hidden = true;
      };
      tick();
    }
  }

  // A browser may bring back a page of somebody who has signed out since. What was typed on other pages stays.
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("[name=form-account]")) location.replace(location.href.split("#")[0]);
  });
  showPasswords();
  localTimes();
  sendOnce();
  countDown();
  // An alert comes first: it names several wrong fields.
  const wrong = document.querySelector("#alert[autofocus], .notice[autofocus], [aria-invalid=true]");
  if (wrong) wrong.focus();
})();
