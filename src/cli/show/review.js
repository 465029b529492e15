"use strict";
// What acts on a run: only `deskhand show` adds this to the page.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const button = (words, act, properties = {}) => {
    const element = make("button", { type: "button", textContent: words, ...properties });
    element.addEventListener("click", act);
    return element;
  };

  // The token was in the address of the first visit, and is a cookie now.
  const address = new URL(location.href);
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token");
    history.replaceState(null, "", address);
  }

  // Another run in the same folder may have the same paths.
  const runOf = (page) => page.querySelector("meta[name=deskhand-run]")?.content ?? "";
  const RUN = runOf(document);
  let isNewer = false;

  const ask = async (what, body) => {
    const answer = await fetch(`/.deskhand/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-deskhand-review": "1", "x-deskhand-run": RUN },
      body: JSON.stringify(body),
    }).catch(() => null);
    if (!answer) return { reason: "deskhand show does not answer: it may have ended" };
    return answer.json().catch(() => ({ reason: `refused with status ${answer.status}` }));
  };

  const GIT = {
    clean: "committed",
    modified: "differs from what is committed",
    untracked: "not committed yet",
    ignored: "ignored by git",
    missing: "does not exist yet",
    "no-repository": "in no git repository",
    unknown: "git did not answer",
  };
  const pathOf = (link) => decodeURIComponent(new URL(link.href).pathname.slice(1));

  // One bar of controls below each finding that can become a baseline.
  const bars = new Map();
  const said = (bar, words, kind = "") => {
    bar.status.replaceChildren(...(Array.isArray(words) ? words : [words]));
    bar.status.className = `review-said ${kind}`;
  };
  const told = (bar, answer) => {
    const words = [make("span", { textContent: answer.done ?? answer.reason })];
    if (answer.insert) words.push(make("pre", { textContent: answer.insert, tabIndex: 0 }));
    said(bar, words, answer.done ? "done" : "problem");
  };
  const ANYWAY = { accept: "Replace it anyway", reject: "Reject it anyway", reopen: "Take it back anyway" };
  const settle = async (bar, what, body) => {
    const answer = await ask(what, body);
    told(bar, answer);
    if (answer.conflict) {
      // What others have decided meanwhile is shown before anybody overrules it.
      await refresh();
      bar.status.append(" ", button(ANYWAY[what], () => settle(bar, what, { ...body, replace: true })));
    }
    if (answer.done) {
      bar.form.replaceChildren();
      await refresh();
    }
    return answer;
  };

  // A line of text that is asked for before something is done.
  let names = 0;
  const input = (bar, label, verb, act) => {
    const id = `review-input-${(names += 1)}`;
    const field = make("input", { id, autocomplete: "off", spellcheck: false });
    const form = make("form", {}, make("label", { htmlFor: id, textContent: label }), field,
      make("button", { type: "submit", textContent: verb }),
      button("Cancel", () => bar.form.replaceChildren()));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      act(field.value);
    });
    bar.form.replaceChildren(form);
    field.focus();
  };

  const STATES = { open: "to be decided", accepted: "accepted", variant: "kept as a variant", rejected: "rejected", refused: "cannot be accepted" };
  const badge = (item) => {
    const { is, name, note, by, why } = item.state;
    const more = { variant: name, rejected: by ? `by ${by}: ${note}` : note, refused: why }[is];
    return [make("b", { textContent: STATES[is] }), more ? `: ${more}` : ""];
  };
  const fill = (bar, item) => {
    bar.item = item;
    bar.root.dataset.state = item.state.is;
    bar.head.replaceChildren(
      make("span", { className: "review-state" }, ...badge(item)),
      make("span", { className: "review-file" }, make("code", { textContent: item.baseline }), item.elsewhere ? `: ${item.elsewhere}` : item.git ? ` ${GIT[item.git]}` : ""),
    );
    const { artifact } = item;
    const actions = [];
    const done = ["accepted", "refused"].includes(item.state.is);
    // The answer asks first if it is not the state that is shown here.
    const about = { artifact, knew: item.state };
    if (!done && !item.elsewhere) {
      actions.push(button("Accept", () => settle(bar, "accept", about), { title: "Make this the baseline" }));
      actions.push(button("Keep as a variant…", () => input(bar, "Name of the variant", "Keep", (variant) => settle(bar, "accept", { ...about, variant }))));
    }
    if (item.state.is === "rejected") {
      actions.push(button("Take the rejection back", () => settle(bar, "reopen", about)));
    } else if (!done) {
      actions.push(button("Reject…", () => input(bar, "What is wrong", "Reject", (note) => settle(bar, "reject", { ...about, note }))));
    }
    const picture = item.tree ? null : pictures(bar.root.parentElement).find((link) => pathOf(link) === artifact);
    if (picture && item.drawable && !item.elsewhere) {
      actions.push(button("Mask…", () => draw(bar, picture, "mask")));
      actions.push(button("Region…", () => draw(bar, picture, "region")));
    }
    if (picture && !item.elsewhere) actions.push(button("Cut a needle…", () => draw(bar, picture, "needle")));
    bar.actions.replaceChildren(...actions);
  };
  const pictures = (within) => all(".picture", within);
  const newBar = (root, label) => {
    const bar = {
      root,
      head: make("p", { className: "review-head" }),
      actions: make("div", { className: "review-actions" }),
      form: make("div", { className: "review-form" }),
      status: make("p", { className: "review-said" }),
    };
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", label);
    bar.status.setAttribute("role", "status");
    root.append(bar.head, bar.actions, bar.form, bar.status);
    return bar;
  };
  const homes = (item) => all(".finding[data-candidate]").filter((finding) => finding.dataset.candidate === item.artifact);
  // Pictures of a step that has no finding of its own, such as one that is only noted.
  const home = (item) => homes(item)[0] ?? pictures(document).find((link) => pathOf(link) === item.artifact)?.closest(".pictures");

  const refresh = async () => {
    if (isNewer) return;
    const answer = await fetch("/.deskhand/review", { headers: { "x-deskhand-run": RUN } }).catch(() => null);
    if (!answer?.ok) return;
    const items = await answer.json();
    for (const item of items) {
      const place = home(item);
      if (!place) continue;
      let bar = bars.get(item.artifact);
      if (!bar || !bar.root.isConnected) {
        bar = newBar(make("div", { className: "review" }), "Decide about this");
        place.append(bar.root);
        bars.set(item.artifact, bar);
      }
      fill(bar, item);
    }
    // A needle can be cut out of every other picture of the screen.
    for (const finding of all(".finding")) {
      if (finding.querySelector(":scope > .review") || finding.dataset.candidate) continue;
      const screen = pictures(finding).filter((link) => ["actual", "screenshot"].includes(link.dataset.kind)).pop();
      if (!screen) continue;
      const bar = newBar(make("div", { className: "review" }), "Cut something out");
      bar.actions.append(button("Cut a needle…", () => draw(bar, screen, "needle")));
      finding.append(bar.root);
    }
    const open = items.filter((item) => item.state.is === "open").length;
    summary.textContent = items.length ? `${open} of ${items.length} pictures and trees to be decided` : "Nothing to be decided";
  };

  // Rectangles, drawn with the mouse or given in numbers.
  const WORDS = {
    mask: ["Mask", "Draw over what must not be compared. You can draw several rectangles.", "Write the mask"],
    region: ["Region", "Draw around the only part that is compared.", "Write the region"],
    needle: ["Needle", "Draw around what a scenario should look for.", "Save the needle"],
  };
  const draw = async (bar, link, what) => {
    const [title, words, save] = WORDS[what];
    const image = new Image();
    image.src = link.href;
    if (!(await image.decode().then(() => true, () => false))) return said(bar, "the picture cannot be shown", "problem");
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    let areas = [];
    const stage = make("div", { className: "review-stage" }, image);
    const fields = ["x", "y", "width", "height"].map((name) => {
      const field = make("input", { type: "number", min: 0, max: Math.max(width, height), value: 0, name });
      field.setAttribute("aria-label", name);
      return field;
    });
    const name = make("input", { placeholder: "save-button", autocomplete: "off", spellcheck: false });
    name.setAttribute("aria-label", "Name of the needle");
    const status = make("p", { className: "review-said" });
    status.setAttribute("role", "status");
    const dialog = make("dialog", { className: "review-draw" });
    dialog.setAttribute("aria-label", title);
    const show = () => {
      for (const box of all("i", stage)) box.remove();
      for (const area of areas) {
        const box = make("i");
        const share = (part, whole) => `${(part / whole) * 100}%`;
        Object.assign(box.style, { left: share(area.x, width), top: share(area.y, height), width: share(area.width, width), height: share(area.height, height) });
        stage.append(box);
      }
    };
    const put = (area, fresh) => {
      if (what !== "mask") areas = [area];
      else if (fresh || !areas.length) areas.push(area);
      else areas[areas.length - 1] = area;
      show();
    };
    const numbers = (area) => fields.forEach((field) => { field.value = area[field.name]; });
    const given = () => {
      const [x, y, w, h] = fields.map((field) => Math.max(0, Math.round(Number(field.value)) || 0));
      return { x, y, width: Math.min(w, width - x), height: Math.min(h, height - y) };
    };
    for (const field of fields) field.addEventListener("input", () => { if (given().width > 0 && given().height > 0) put(given(), false); });
    let from = null;
    const at = (event) => {
      const box = image.getBoundingClientRect();
      const place = (value, start, size, most) => Math.min(most, Math.max(0, Math.round(((value - start) / size) * most)));
      return [place(event.clientX, box.left, box.width, width), place(event.clientY, box.top, box.height, height)];
    };
    const area = (event) => {
      const [x, y] = at(event);
      return { x: Math.min(x, from[0]), y: Math.min(y, from[1]), width: Math.abs(x - from[0]), height: Math.abs(y - from[1]) };
    };
    image.draggable = false;
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      stage.setPointerCapture(event.pointerId);
      from = at(event);
      put({ x: from[0], y: from[1], width: 0, height: 0 }, true);
    });
    stage.addEventListener("pointermove", (event) => {
      if (!from) return;
      put(area(event), false);
      numbers(area(event));
    });
    const release = () => {
      from = null;
      areas = areas.filter((one) => one.width > 0 && one.height > 0);
      show();
    };
    stage.addEventListener("pointerup", release);
    stage.addEventListener("pointercancel", release);
    const send = async (more = {}) => {
      const drawn = areas.filter((one) => one.width > 0 && one.height > 0);
      if (!drawn.length) { status.textContent = "draw a rectangle first, or enter its numbers"; return; }
      const artifact = pathOf(link);
      const body = { mask: { artifact, areas: drawn }, region: { artifact, area: drawn[0] }, needle: { artifact, area: drawn[0], name: name.value } }[what];
      const answer = await ask(what, { ...body, ...more });
      if (answer.done) {
        dialog.close();
        told(bar, answer);
        return;
      }
      status.className = "review-said problem";
      status.replaceChildren(answer.reason);
      if (answer.insert) status.append(make("pre", { textContent: answer.insert, tabIndex: 0 }));
      if (answer.conflict) status.append(" ", button("Replace it anyway", () => send({ replace: true })));
    };
    const controls = make("div", { className: "review-controls" }, ...fields.map((field) => make("label", {}, field.name, field)));
    if (what === "mask") {
      controls.append(button("Add another", () => { areas.push(given()); show(); }), button("Undo", () => { areas.pop(); show(); }));
    }
    if (what === "needle") controls.append(make("label", {}, "name", name));
    controls.append(button(save, () => send(), { className: "review-main" }), button("Cancel", () => dialog.close()));
    dialog.append(make("h2", { textContent: title }), make("p", { textContent: words }), stage, controls, status);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  // How far the run is, and what its desktops show.
  const summary = make("p", { className: "review-summary" });
  const live = make("section", { className: "review-live", hidden: true });
  live.setAttribute("aria-label", "The run in progress");
  const notice = make("p", { className: "review-notice" });
  notice.setAttribute("role", "status");
  document.querySelector("header.run")?.append(summary, notice, live);

  const KEPT = "deskhand-show";
  const keep = () => {
    const ids = all("details[id]").map((fold) => [fold.id, fold.open]);
    sessionStorage.setItem(KEPT, JSON.stringify({ ids, x: scrollX, y: scrollY }));
  };
  // What is drawn after the page was loaded would move it away under whoever reads.
  const hold = (x, y) => {
    const until = performance.now() + 3000;
    let moved = false;
    for (const event of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(event, () => { moved = true; }, { once: true, passive: true });
    const turn = () => {
      if (moved || performance.now() > until) return;
      if (scrollX !== x || scrollY !== y) scrollTo(x, y);
      requestAnimationFrame(turn);
    };
    turn();
  };
  const restore = () => {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    sessionStorage.removeItem(KEPT);
    if (!kept) {
      if (!location.hash) hold(0, 0);
      return;
    }
    for (const [id, open] of kept.ids) {
      const fold = document.getElementById(id);
      if (fold) fold.open = open;
    }
    hold(kept.x, kept.y);
  };
  const isBusy = () => Boolean(document.querySelector("dialog[open]") || document.querySelector(".review-form form") || all("video").some((video) => !video.paused));

  let known = null;
  let due = false;
  const reload = () => {
    // Whoever types, draws or watches is not disturbed.
    if (isBusy()) { due = true; return; }
    keep();
    location.reload();
  };
  setInterval(() => { if (due && !isBusy()) reload(); }, 500);

  // The steps of what is being played, without loading the page again.
  const bring = async (state) => {
    const answer = await fetch("/").catch(() => null);
    if (!answer?.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (isNewer || runOf(next) !== RUN) return;
    for (const { id } of state.playing) {
      const [old, fresh] = [document.getElementById(`s${id}`), next.getElementById(`s${id}`)];
      if (!fresh) continue;
      if (!old) {
        document.querySelector("main").append(fresh);
        fresh.open = true;
      } else {
        const [before, after] = [old.querySelector(".steps"), fresh.querySelector(".steps")];
        if (before && after) before.replaceWith(after);
        else if (after) old.querySelector(".body").append(after);
      }
      const now = document.getElementById(`s${id}`);
      now.querySelector(".badge").textContent = "playing";
      now.querySelector(".stopped")?.replaceChildren("Being played now.");
    }
    const facts = next.querySelector(".totals");
    if (facts) {
      const chips = document.querySelector(".totals .share");
      chips?.replaceWith(facts.querySelector(".share"));
    }
  };
  const cards = new Map();
  const card = (one, version) => {
    let made = cards.get(one.id);
    if (!made) {
      const image = make("img", { alt: `The desktop of ${one.name}` });
      image.addEventListener("error", () => { image.hidden = true; });
      image.addEventListener("load", () => { image.hidden = false; });
      made = { root: make("article", {}, make("h2", { textContent: one.name })), step: make("p"), image };
      made.root.append(made.step, image);
      if (one.viewer) made.root.append(make("a", { href: one.viewer, target: "_blank", rel: "noreferrer", textContent: "Watch the desktop" }));
      cards.set(one.id, made);
      live.append(made.root);
    }
    made.step.textContent = one.step ? `now: ${one.step}` : "between two steps";
    if (one.picture) made.image.src = `/.deskhand/live/${one.id}?${version}`;
    else made.image.hidden = true;
  };
  // What is typed or drawn belongs to the old page, which stays as it is.
  const newer = () => {
    if (!isBusy()) { reload(); return; }
    isNewer = true;
    due = false;
    live.hidden = true;
    notice.replaceChildren("There is a newer run. ", button("Show it", () => { keep(); location.reload(); }));
  };
  let doubt = 0;
  const follow = (state) => {
    // A run that begins has told nothing yet.
    if (isNewer || (RUN && !state.run)) return;
    // The page may be a moment ahead of what is told.
    clearTimeout(doubt);
    if (state.run !== RUN) { doubt = setTimeout(newer, 1000); return; }
    live.hidden = !state.running;
    document.documentElement.classList.toggle("review-running", state.running);
    if (state.running) {
      const title = document.querySelector("header.run h1");
      title.textContent = `Playing: ${state.ended} of ${state.planned} scenarios have ended`;
      for (const warning of all("header.run .warning")) warning.hidden = true;
      for (const chip of all(".chip[data-only=interrupted]")) {
        chip.replaceChildren(make("b", { textContent: state.playing.length }), " playing");
      }
      for (const [id, made] of cards) {
        if (state.playing.some((one) => one.id === id)) continue;
        made.root.remove();
        cards.delete(id);
      }
      for (const one of state.playing) card(one, state.version);
    }
    const before = known;
    known = state;
    if (!before) {
      if (state.running) bring(state);
      return;
    }
    // What has ended is worth all that the page can do; so is another run.
    if (before.ended !== state.ended || before.running !== state.running) reload();
    else if (before.version !== state.version) bring(state);
  };
  const TRY_AGAIN = 5000;
  const ended = () => {
    if (isNewer) return;
    live.hidden = true;
    document.documentElement.classList.remove("review-running");
    if (known?.running) {
      document.querySelector("header.run h1").textContent = `Last seen: ${known.ended} of ${known.planned} scenarios had ended`;
    }
    notice.textContent = "deskhand show has ended, so this page may be out of date. Start it again, and open the address that it prints.";
  };
  let events = null;
  const listen = () => {
    events = new EventSource("/.deskhand/events");
    events.addEventListener("message", (event) => {
      if (!isNewer) notice.replaceChildren();
      follow(JSON.parse(event.data));
    });
    events.addEventListener("error", () => {
      events.close();
      ended();
      setTimeout(listen, TRY_AGAIN);
    });
  };
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  listen();

  restore();
  refresh();
})();
