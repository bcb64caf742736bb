// Filters the frames. The choice stands behind the # of the address, so that it outlives a reload and the way to another page.
(() => {
  const form = document.querySelector("form");
  const main = document.querySelector("main");
  const choices = [...form.elements].filter((element) => element.name);
  const show = () => {
    const wanted = Object.fromEntries(choices.map((choice) => [choice.name, choice.value]));
    const differs = (name, value) => wanted[name] && wanted[name] !== value;
    for (const figure of document.querySelectorAll("figure")) {
      figure.hidden = differs("state", figure.dataset.state) || differs("language", figure.dataset.language);
      const frame = figure.querySelector("iframe");
      const source = wanted.look === "builtin" ? frame.dataset.builtin : frame.dataset.theme;
      if (frame.getAttribute("src") !== source) frame.setAttribute("src", source);
    }
    main.dataset.width = wanted.width;
    main.dataset.scheme = wanted.scheme;
    // A state is one of this page alone.
    const kept = new URLSearchParams(Object.entries(wanted).filter(([name]) => !["page", "state"].includes(name)));
    for (const link of document.querySelectorAll("nav a")) link.hash = kept;
    if (wanted.state) kept.set("state", wanted.state);
    history.replaceState(null, "", `#${kept}`);
  };
  const read = () => {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const choice of choices) {
      const value = kept.get(choice.name);
      if ([...choice.options].some((option) => option.value === value)) choice.value = value;
    }
    show();
  };
  form.addEventListener("change", (event) => {
    if (event.target.name === "page") {
      const kept = location.hash.replace(/&?state=[^&]*/, "");
      location.assign(event.target.value + kept);
    } else {
      show();
    }
  });
  window.addEventListener("hashchange", read);
  form.hidden = false;
  read();
})();
