// The answer to an application goes on by itself. Without script its button sends it.
"use strict";
for (const form of document.querySelectorAll("form[data-onward]")) form.requestSubmit();
