// A form for each call of the API, which shows what the server answers.
'use strict';

const encode = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** The headers, and the body if there is one, that a form stands for. */
function request(form) {
  const headers = new Headers({ Accept: 'application/json' });
  for (const input of form.querySelectorAll('[data-header]')) {
    const value = input.value.trim();
    if (!value) continue;
    const { header, scheme } = input.dataset;
    headers.set(header, [scheme, scheme === 'Basic' ? encode(value) : value].filter(Boolean).join(' '));
  }
  const fields = [...form.querySelectorAll('input[name]')].filter((input) => input.value !== '').map((input) => [input.name, input.value]);
  const kind = form.querySelector('[data-kind]');
  if (!kind) {
    const query = new URLSearchParams(fields).toString();
    return { path: form.dataset.path + (query && `?${query}`), headers };
  }
  if (kind.value === 'application/json') {
    headers.set('Content-Type', kind.value);
    return { path: form.dataset.path, headers, body: JSON.stringify(Object.fromEntries(fields)) };
  }
  const body = kind.value === 'multipart/form-data' ? new FormData() : new URLSearchParams();
  for (const [name, value] of fields) body.append(name, value);
  return { path: form.dataset.path, headers, body };
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function show(place, lines) {
  place.replaceChildren(...lines.filter(Boolean).map((text) => {
    const block = document.createElement('pre');
    block.tabIndex = 0;
    block.textContent = text;
    return block;
  }));
}

for (const details of document.querySelectorAll('.api-try')) {
  details.hidden = false;
  const form = details.querySelector('form');
  const place = form.querySelector('.api-answer');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const { path, headers, body } = request(form);
      // No cookie goes along: it authenticates nobody here.
      const answer = await fetch(path, { method: form.dataset.method, headers, body, credentials: 'omit', redirect: 'manual' });
      const head = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
      show(place, [`${answer.status} ${answer.statusText}`.trim(), head, pretty(await answer.text())]);
    } catch (error) {
      show(place, [String(error)]);
    }
  });
}
