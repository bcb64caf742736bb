// What of each frame's forms somebody sees, without the page's own scripts. The answer stands in <pre id="seen">.
'use strict';

/** Each control of a page by form and name, and whether it can be seen and pressed. */
function controls(page) {
  const found = {};
  for (const form of page.forms) {
    for (const control of form.querySelectorAll('button, select, textarea, input:not([type=hidden])')) {
      const what = control.tagName === 'BUTTON' ? 'button' : `field ${control.getAttribute('name') || ''}`;
      const name = `${what} of the form to ${(form.getAttribute('action') || '').split(/[?#]/)[0]}`;
      found[name] = found[name] || isSeen(page, control);
    }
  }
  return found;
}

function isSeen(page, control) {
  if (!control.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  control.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const box = control.getBoundingClientRect();
  if (box.width < 2 || box.height < 2) return false;
  const on = page.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return on !== null && (control === on || control.contains(on) || [...(control.labels || [])].some((label) => label.contains(on)));
}

addEventListener('load', () => {
  const seen = [...document.querySelectorAll('iframe')].map((frame) => controls(frame.contentDocument));
  const place = document.createElement('pre');
  place.id = 'seen';
  place.textContent = encodeURIComponent(JSON.stringify(seen));
  document.body.replaceChildren(place);
});
