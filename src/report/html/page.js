"use strict";
// What the other scripts share.
const page = {
  all: (selector, within = document) => [...within.querySelectorAll(selector)],
  one: (id) => document.getElementById(id),
  text(tag, words, name = "") {
    const element = document.createElement(tag);
    element.textContent = words;
    if (name) element.className = name;
    return element;
  },
  press(buttons, pressed) {
    for (const button of buttons) button.setAttribute("aria-pressed", String(pressed(button)));
  },

  // Scenarios that passed are unfolded late. Whoever has something to do inside a scenario
  // registers it here, and it is done then.
  hooks: [],
  wire(hook) {
    page.hooks.push(hook);
    hook(document.body);
  },
  unfold(scenario) {
    const folded = scenario.querySelector("noscript.body");
    if (!folded) return;
    const body = document.createElement("div");
    body.className = "body";
    body.innerHTML = folded.textContent;
    folded.replaceWith(body);
    for (const hook of page.hooks) hook(body);
  },
  open(scenario) {
    page.unfold(scenario);
    scenario.open = true;
  },

  // The film of each trace, once it is loaded: its steps, and what is shown of one.
  films: new Map(),
};
document.documentElement.classList.add("js");
// A picture that was never in sight is printed too.
addEventListener("beforeprint", () => {
  for (const image of page.all("img[loading]")) image.loading = "eager";
});
document.addEventListener("toggle", ({ target }) => {
  if (target.open && target.matches(".scenario")) page.unfold(target);
}, true);
