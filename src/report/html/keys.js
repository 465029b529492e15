// Keys for everything.
(() => {
  const { all, one } = page;
  const shortcuts = one("shortcuts");
  const single = one("single-keys");
  one("keys").addEventListener("click", () => shortcuts.showModal());
  try { single.checked = localStorage.getItem("deskhand-keys") !== "off"; } catch { /* nothing is kept */ }
  single.addEventListener("change", () => {
    try { localStorage.setItem("deskhand-keys", single.checked ? "on" : "off"); } catch { /* nor here */ }
  });

  const shown = () => all(".scenario").filter((scenario) => !scenario.hidden);
  const isInSight = (element) => element.getBoundingClientRect().bottom > 60;
  // Where somebody is: where the focus is, else what stands uppermost in the window.
  const here = () => document.activeElement?.closest?.(".scenario") ?? shown().find(isInSight);
  const beside = (list, now, by) => {
    const at = list.indexOf(now);
    return list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))];
  };
  const scenario = (by) => {
    const summary = beside(shown(), document.activeElement?.closest?.(".scenario"), by)?.querySelector("summary");
    summary?.focus();
    summary?.scrollIntoView({ block: "nearest" });
  };
  let last = null;
  const failure = (by) => {
    last = beside(shown().flatMap((one) => all(".finding", one)), last, by);
    const fold = last?.closest(".scenario");
    if (!fold) return;
    page.open(fold);
    last.tabIndex = -1;
    last.focus({ preventScroll: true });
    last.scrollIntoView({ block: "start" });
  };
  const film = () => page.films.get(here()?.querySelector(".trace:not([hidden])")?.closest(".attempt, .body"));
  const KEYS = {
    "/": () => { one("find").focus(); one("find").select(); },
    "?": () => shortcuts.showModal(),
    Escape: () => page.clear(),
    n: () => failure(1), p: () => failure(-1),
    j: () => scenario(1), k: () => scenario(-1),
    ArrowLeft: () => film()?.by(-1), ArrowRight: () => film()?.by(1),
    1: () => film()?.view("before"), 2: () => film()?.view("after"), 3: () => film()?.view("difference"),
    f() {
      const picture = document.activeElement?.closest?.(".finding")?.querySelector(".picture");
      if (picture) picture.click();
      else if (film()) film().enlarge();
      else here()?.querySelector(".picture")?.click();
    },
    v: () => {
      const video = here()?.querySelector("video");
      if (video?.paused) video.play(); else video?.pause();
    },
  };
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (target.matches("input, textarea, select")) {
      if (key === "Escape" && target.id === "find") { page.clear(); target.blur(); }
      return;
    }
    if (!single.checked && key.length === 1) return;
    const scrolls = target.matches("video, pre, summary + ol") || target.closest(".film");
    if (scrolls && key.startsWith("Arrow")) return;
    const act = KEYS[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
