// The timeline: chapters, steps, captions, zooms, input, and what is hidden.
(() => {
  const [scroll, time, names] = ["f-scroll", "f-time", "f-names"].map(film.one);
  const RULER = 22;
  let scale = 1;
  let rows = {};
  const share = (seconds) => `${(seconds / Math.max(film.known.timeline.length, 0.1)) * 100}%`;
  const put = (element, from, to, row) => {
    element.style.left = share(from);
    if (to !== null) element.style.width = share(Math.max(0, to - from));
    if (row) Object.assign(element.style, { top: `${row.top}px`, height: `${row.height}px` });
    time.append(element);
    return element;
  };
  // Rows from above, as many levels of blocks as there are.
  const lay = (levels) => {
    let top = RULER + 4;
    const row = (height) => {
      const made = { top, height };
      top += height + 6;
      return made;
    };
    rows = { blocks: Array.from({ length: levels }, () => row(20)), steps: row(30), words: row(26), zooms: row(22), input: row(16) };
    const label = (words, { top: from, height }) => {
      const name = film.make("span", { textContent: words });
      name.style.top = `${from + height / 2 - 6}px`;
      names.append(name);
    };
    names.replaceChildren();
    if (levels) label("Chapters", rows.blocks[0]);
    label("Steps", rows.steps);
    label("Captions", rows.words);
    label("Zoom", rows.zooms);
    label("Input", rows.input);
    for (const element of [names, time]) element.style.height = `${top + 2}px`;
  };
  const depth = (step) => {
    let [level, above] = [0, step.parent];
    while (above !== undefined && level < 4) {
      level += 1;
      above = film.step(above)?.parent;
    }
    return level;
  };
  const block = (step, words, kind, span, row) => {
    const { from, to } = span;
    const made = film.button(words, () => film.choose(step.step), { className: `f-block ${kind}`, title: words, tabIndex: -1 });
    made.dataset.step = step.step;
    made.setAttribute("aria-pressed", String(film.chosen === step.step));
    put(made, from, to, row);
    made.classList.toggle("narrow", made.offsetWidth < 34);
    return made;
  };
  // A caption of its own ends where its end is drawn; beside a step it ends with the step.
  const end = (caption, made, step) => {
    if (step.verb !== "caption" || film.locked(step.step)) return;
    const handle = film.make("div", { className: "f-end", title: "Drag to change how long it is shown" });
    put(handle, caption.to, null, rows.words);
    handle.style.marginLeft = "-8px";
    const later = film.known.timeline.captions.filter((one) => one.from > caption.from).map((one) => one.from);
    const ends = film.known.timeline.steps.filter((one) => one.verb === "caption" && one.step !== step.step && one.from > caption.from).map((one) => one.from);
    const most = Math.min(film.known.timeline.length, ...later, ...ends);
    let to = null;
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      handle.setPointerCapture(event.pointerId);
      to = caption.to;
    });
    handle.addEventListener("pointermove", (event) => {
      if (to === null) return;
      to = Math.min(most, Math.max(caption.from + 0.3, when(event)));
      handle.style.left = share(to);
      made.style.width = share(to - caption.from);
      film.say(to > most - 0.15 ? "until the next caption" : `${(to - caption.from).toFixed(1)} s`);
    });
    handle.addEventListener("pointerup", () => {
      if (to === null) return;
      // At the next caption it simply lasts until that.
      const lasting = to > most - 0.15 ? null : Math.round((to - caption.from) * 10) / 10;
      const isMoved = Math.abs(to - caption.to) > 0.04;
      to = null;
      if (isMoved) film.write(step.step, { lasting });
    });
    handle.addEventListener("pointercancel", () => { to = null; film.draw(); });
  };
  const zoomWords = (zoom) => (zoom === "off" ? "whole screen" : zoom === "action" ? "action" : `${zoom.area.width}×${zoom.area.height}`);
  const marks = () => {
    for (const input of film.known.timeline.input) {
      const { top } = rows.input;
      const row = { top: top + 3, height: 9 };
      if (input.did === "down") put(film.make("i", { className: "f-mark press", title: input.button }), input.at, null, row);
      if (input.did === "text") put(film.make("i", { className: "f-mark typed", title: input.text }), input.at, input.until, row);
      if (input.did === "wheel") put(film.make("i", { className: "f-mark", textContent: "↕" }), input.at, null, row);
    }
    for (const { at, words, count } of presses()) {
      put(film.make("i", { className: "f-mark" }, film.make("kbd", { textContent: count > 1 ? `${words} ×${count}` : words })), at, null, { top: rows.input.top + 1, height: 14 });
    }
  };
  // The same keys again and again are one mark.
  const presses = () => {
    const all = [];
    for (const { did, at, keys } of film.known.timeline.input) {
      const last = all[all.length - 1];
      if (did === "text" || did === "down") all.push({ at, words: "", count: 0 });
      if (did !== "keys") continue;
      const words = keys.map(short).join("+");
      if (last?.words === words && at - last.last < 1) Object.assign(last, { last: at, count: last.count + 1 });
      else all.push({ at, last: at, words, count: 1 });
    }
    return all.filter((one) => one.count);
  };
  const SHORT = { Control_L: "ctrl", Control_R: "ctrl", Shift_L: "shift", Shift_R: "shift", Alt_L: "alt", Super_L: "super", Return: "⏎", Escape: "esc", Left: "←", Right: "→", Up: "↑", Down: "↓", space: "␣", BackSpace: "⌫", Tab: "⇥" };
  const short = (key) => SHORT[key] ?? key;
  const ruler = () => {
    const { length } = film.known.timeline;
    const wanted = length / Math.max(1, (scroll.clientWidth * scale) / 90);
    const by = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300].find((one) => one >= wanted) ?? 600;
    for (let at = 0; at <= length; at += by) {
      put(film.make("i", { className: "f-tick", textContent: by < 1 ? film.clock(at) : film.clock(at).slice(0, -2) }), at, null);
    }
  };
  const playhead = film.make("div", { className: "f-head-line", id: "f-head", tabIndex: 0 });
  playhead.setAttribute("role", "slider");
  playhead.setAttribute("aria-label", "Time");
  playhead.setAttribute("aria-valuemin", "0");

  const draw = () => {
    const { steps, captions, hidden } = film.known.timeline;
    const focused = document.activeElement?.closest?.(".f-block")?.dataset.step;
    const blocks = steps.filter((one) => film.isBlock(one.step));
    const isSought = document.activeElement === playhead;
    time.replaceChildren();
    time.style.width = `${scale * 100}%`;
    lay(blocks.length ? Math.max(...blocks.map(depth)) + 1 : 0);
    ruler();
    for (const one of blocks) block(one, one.title.replace(/^group /, ""), `group ${one.outcome}`, one, rows.blocks[depth(one)]);
    for (const one of film.leaves()) block(one, one.title, `deed ${one.outcome}`, one, rows.steps);
    for (const caption of captions) {
      const step = film.step(caption.step);
      if (step) end(caption, block(step, caption.text, "words", caption, rows.words), step);
    }
    for (const one of steps.filter((step) => step.verb === "caption" && !film.caption(step.step))) {
      put(film.make("i", { className: "f-stop", title: "the previous caption ends here" }), one.from, null, rows.words);
    }
    for (const one of steps.filter((step) => step.zoom)) block(one, zoomWords(one.zoom), "framing", one, rows.zooms);
    marks();
    for (const { from, to } of hidden) put(film.make("i", { className: "f-hidden", title: "hidden" }), from, to);
    time.append(playhead);
    playhead.setAttribute("aria-valuemax", film.known.timeline.length.toFixed(1));
    if (isSought) playhead.focus({ preventScroll: true });
    if (focused) time.querySelector(`.f-block[data-step="${focused}"]`)?.focus({ preventScroll: true });
    film.one("f-legend").textContent = hidden.length ? "Hatched parts are hidden steps, which the film leaves out." : "";
  };
  let last = null;
  film.parts.push({
    draw() { last = null; draw(); },
    tick(at) {
      playhead.style.left = share(at);
      playhead.setAttribute("aria-valuenow", at.toFixed(1));
      playhead.setAttribute("aria-valuetext", film.clock(at));
      const now = film.at(at)?.step;
      if (now !== last) {
        last = now;
        for (const one of time.querySelectorAll(".f-block")) one.classList.toggle("current", Number(one.dataset.step) === now);
      }
      // It stays in sight while it plays.
      const x = (at / Math.max(film.known.timeline.length, 0.1)) * time.offsetWidth;
      if (scale > 1 && (x < scroll.scrollLeft || x > scroll.scrollLeft + scroll.clientWidth - 24)) scroll.scrollLeft = x - scroll.clientWidth * 0.2;
    },
  });

  const when = (event) => {
    const box = time.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * film.known.timeline.length;
  };
  let scrubs = false;
  scroll.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest(".f-block, .f-end") || !film.known) return;
    scrubs = true;
    scroll.setPointerCapture(event.pointerId);
    film.one("f-video").pause();
    film.seek(when(event));
  });
  scroll.addEventListener("pointermove", (event) => { if (scrubs) film.seek(when(event)); });
  for (const event of ["pointerup", "pointercancel"]) scroll.addEventListener(event, () => { scrubs = false; });
  const wider = (by) => {
    scale = Math.min(16, Math.max(1, scale * by));
    if (film.known) film.draw();
  };
  film.one("f-wide").addEventListener("click", () => wider(1.6));
  film.one("f-narrow").addEventListener("click", () => wider(1 / 1.6));
  addEventListener("resize", () => film.known && film.draw());
})();
