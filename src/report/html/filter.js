// The search, and the buttons that choose scenarios by outcome and tag. What is chosen
// is part of the address, so that it can be shared.
(() => {
  const { all, one } = page;
  const scenarios = all(".scenario");
  const field = one("find");
  const [outcomes, tags] = [all("[data-only]"), all("[data-tag]")];
  const pressed = (buttons) => buttons.filter((button) => button.getAttribute("aria-pressed") === "true");
  const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };

  // All words of a scenario, also of one that is not unfolded yet.
  const known = new Map();
  const words = (scenario) => {
    if (!known.has(scenario)) {
      const folded = scenario.querySelector("noscript.body")?.textContent;
      const plain = folded?.replace(/<[^>]*>/g, " ").replace(/&\w+;/g, (name) => ENTITIES[name] ?? name);
      known.set(scenario, `${plain ?? ""} ${folded ? scenario.querySelector("summary").textContent : scenario.textContent}`.toLowerCase());
    }
    return known.get(scenario);
  };

  const asked = () => field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const markSteps = (body, parts) => {
    for (const row of all(".step", body)) {
      const text = parts.length ? row.textContent.toLowerCase() : "";
      row.classList.toggle("hit", parts.length > 0 && parts.every((part) => text.includes(part)));
    }
  };
  const apply = () => {
    const parts = asked();
    const only = pressed(outcomes).map((button) => button.dataset.only);
    const chosen = pressed(tags).map((button) => button.dataset.tag);
    const isShown = (scenario) => (!only.length || only.includes(scenario.dataset.outcome))
      && (!chosen.length || all(".tag", scenario).some((tag) => chosen.includes(tag.textContent)))
      && parts.every((part) => words(scenario).includes(part));
    let count = 0;
    for (const scenario of scenarios) {
      scenario.hidden = !isShown(scenario);
      if (!scenario.hidden) count += 1;
      if (scenario.open) markSteps(scenario, parts);
    }
    const isFiltered = parts.length + only.length + chosen.length > 0;
    one("found").textContent = isFiltered ? `${count} of ${scenarios.length}` : "";
    return isFiltered && new URLSearchParams([
      ...(field.value ? [["text", field.value]] : []),
      ...only.map((word) => ["only", word]),
      ...chosen.map((tag) => ["tag", tag]),
    ]);
  };
  const change = () => {
    const query = apply();
    if (query || location.hash.startsWith("#?")) history.replaceState(null, "", query ? `#?${query}` : "#");
  };

  field.addEventListener("input", change);
  for (const button of outcomes) {
    button.addEventListener("click", () => {
      const was = button.getAttribute("aria-pressed") === "true";
      page.press(outcomes, (other) => other === button && !was);
      change();
    });
  }
  for (const button of tags) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      change();
    });
  }
  page.clear = () => {
    field.value = "";
    page.press([...outcomes, ...tags], () => false);
    change();
  };
  const restore = () => {
    if (!location.hash.startsWith("#?")) return;
    const query = new URLSearchParams(location.hash.slice(2));
    field.value = query.get("text") ?? "";
    page.press(outcomes, (button) => query.getAll("only").includes(button.dataset.only));
    page.press(tags, (button) => query.getAll("tag").includes(button.dataset.tag));
    apply();
  };
  addEventListener("hashchange", restore);
  restore();
  page.wire((body) => { if (body !== document.body) markSteps(body, asked()); });
})();
