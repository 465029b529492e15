"use strict";
// What the parts of the page share: what is known, what time it is, what is chosen.
const film = {
  one: (id) => document.getElementById(id),
  make(tag, properties = {}, ...inside) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  },
  button(words, act, properties = {}) {
    const button = film.make("button", { type: "button", textContent: words, ...properties });
    button.addEventListener("click", act);
    return button;
  },
  path: new URLSearchParams(location.search).get("timeline") ?? "",
  known: null,
  chosen: null,
  // What draws itself anew: after a change of what is known, and at another time.
  parts: [],

  step: (number) => film.known.timeline.steps.find((one) => one.step === number),
  written: (number) => film.known.written[number] ?? {},
  caption: (number) => film.known.timeline.captions.find((one) => one.step === number),
  isBlock: (number) => film.known.timeline.steps.some((one) => one.parent === number),
  locked: (number) => film.known.locked ?? film.written(number).locked ?? null,
  clock: (seconds) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`,

  // Hidden parts are cut out of the video.
  toVideo(time) {
    let out = 0;
    for (const { from, to } of film.known.timeline.hidden) out += Math.max(0, Math.min(time, to) - from);
    return time - out;
  },
  toTime(video) {
    let time = video;
    for (const { from, to } of film.known.timeline.hidden) if (time >= from) time += to - from;
    return time;
  },
  time: () => film.toTime(film.one("f-video").currentTime),
  seek(time) {
    const { length } = film.known.timeline;
    film.one("f-video").currentTime = film.toVideo(Math.min(Math.max(time, 0), Math.max(0, length - 0.02)));
    film.tick();
  },
  // The innermost step that is played at a time, or was played last.
  at(time) {
    const begun = film.known.timeline.steps.filter((one) => one.from <= time + 1e-3 && !film.isBlock(one.step));
    return begun[begun.length - 1] ?? film.known.timeline.steps[0];
  },
  leaves: () => film.known.timeline.steps.filter((one) => !film.isBlock(one.step)),

  choose(number, isSought = true) {
    film.chosen = number;
    const step = film.step(number);
    if (isSought && step) film.seek(film.caption(number)?.from ?? step.from);
    film.draw();
  },
  draw() { for (const part of film.parts) part.draw(); film.tick(); },
  tick() { for (const part of film.parts) part.tick?.(film.time()); },

  say(words, kind = "", more = "") {
    const place = film.one("f-said");
    place.className = kind;
    place.replaceChildren(words);
    if (more) place.append(film.make("pre", { textContent: more }));
    clearTimeout(film.silence);
    film.silence = setTimeout(() => place.replaceChildren(), kind === "problem" ? 12000 : 3500);
  },
  run: document.querySelector("meta[name=deskhand-run]").content,
  async get(address) {
    const answer = await fetch(address, { headers: { "x-deskhand-run": film.run } }).catch(() => null);
    if (!answer) return { reason: "deskhand show does not answer: it may have ended" };
    return answer.json().catch(() => ({ reason: `refused with status ${answer.status}` }));
  },
  async ask(what, body) {
    const answer = await fetch(`/.deskhand/film/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-deskhand-review": "1", "x-deskhand-run": film.run },
      body: JSON.stringify({ timeline: film.path, ...body }),
    }).catch(() => null);
    if (!answer) return { reason: "deskhand show does not answer: it may have ended" };
    return answer.json().catch(() => ({ reason: `refused with status ${answer.status}` }));
  },
  // One change after another, and each is shown as it is written.
  queue: Promise.resolve(),
  change(what, body) {
    film.queue = film.queue.then(async () => {
      const answer = await film.ask(what, body);
      if (answer.done) film.say(answer.done);
      else film.say(answer.reason, "problem", answer.insert);
      await film.load();
      return Boolean(answer.done);
    });
    return film.queue;
  },
  async load() {
    const known = await film.get(`/.deskhand/film/state?timeline=${encodeURIComponent(film.path)}`);
    if (known.reason) {
      film.say(known.reason, "problem");
      return;
    }
    const isFirst = !film.known;
    film.known = known;
    if (isFirst) film.begin();
    if (!film.step(film.chosen)) film.chosen = film.at(film.time())?.step ?? null;
    film.one("f-undo").disabled = !known.undo;
    film.one("f-undo").title = known.undo ? `Undo: ${known.undo}` : "There is nothing to undo";
    film.draw();
  },
  begin() {
    const { scenario, recording, video, locked, timeline } = film.known;
    document.title = `Film ${recording} · Deskhand`;
    film.one("f-title").textContent = `Film of ${recording}`;
    film.one("f-about").replaceChildren(scenario, " · ", film.make("code", { textContent: timeline.file }));
    film.one("f-locked").hidden = !locked;
    film.one("f-locked").textContent = locked ? `You can look at this film but not change it: ${locked}` : "";
    const screen = film.one("f-video");
    const { width, height } = timeline.size;
    film.one("f-stage").style.setProperty("--shape", Math.max(1, width) / Math.max(1, height));
    screen.src = `/${video.split("/").map(encodeURIComponent).join("/")}`;
  },
};

// What plays, and when.
(() => {
  const screen = film.one("f-video");
  const play = film.one("f-play");
  const toggle = () => {
    if (screen.paused) screen.play().catch(() => film.say("the video cannot be played", "problem"));
    else screen.pause();
  };
  const shown = () => {
    play.textContent = screen.paused ? "▶" : "❚❚";
    play.setAttribute("aria-label", screen.paused ? "Play" : "Pause");
  };
  play.addEventListener("click", toggle);
  for (const event of ["play", "pause", "ended"]) screen.addEventListener(event, shown);
  for (const event of ["seeked", "loadedmetadata", "timeupdate"]) screen.addEventListener(event, () => film.known && film.tick());
  screen.addEventListener("error", () => film.say("the video cannot be shown", "problem"));
  const follow = () => {
    if (film.known && !screen.paused) film.tick();
    requestAnimationFrame(follow);
  };
  follow();
  film.parts.push({
    draw() {},
    tick(time) {
      const { length } = film.known.timeline;
      const at = film.clock(time);
      film.one("f-clock").textContent = `${at} / ${film.clock(length)}`;
      const step = film.at(time);
      if (step && film.playing !== step.step) {
        film.playing = step.step;
        film.one("f-now").replaceChildren(step.title, film.make("code", { textContent: `${step.file}:${step.line}` }));
      }
    },
  });

  const beside = (by) => {
    const steps = film.leaves();
    const at = steps.findIndex((one) => one.step === film.chosen);
    const next = at < 0 ? steps.indexOf(film.at(film.time())) : at + by;
    const step = steps[Math.min(steps.length - 1, Math.max(0, next))];
    if (step) film.choose(step.step);
  };
  const keys = {
    " ": toggle,
    ArrowLeft: (event) => film.seek(film.time() - (event.shiftKey ? 0.1 : 1)),
    ArrowRight: (event) => film.seek(film.time() + (event.shiftKey ? 0.1 : 1)),
    ArrowUp: () => beside(-1),
    ArrowDown: () => beside(1),
    Home: () => film.seek(0),
    End: () => film.seek(film.known.timeline.length),
    c: () => film.one("f-text")?.focus(),
    z: () => film.drawZoom?.(),
    p: () => film.one("f-try").click(),
  };
  const undo = () => { if (film.known?.undo) film.change("undo", {}); };
  film.one("f-undo").addEventListener("click", undo);
  film.one("f-help").addEventListener("click", () => film.one("f-keys").showModal());
  addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!film.known || document.querySelector("dialog[open]") || event.altKey || event.defaultPrevented) return;
    if (target.matches("input, textarea, select")) return;
    if (event.ctrlKey || event.metaKey) {
      if (key === "z") { event.preventDefault(); undo(); }
      return;
    }
    // A button that has the focus is pressed by the space bar, and nothing else.
    if (key === " " && target.matches("button, a")) return;
    const act = keys[key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
  // The token was in the address of the first visit, and is a cookie now.
  const address = new URL(location.href);
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token");
    history.replaceState(null, "", address);
  }
  addEventListener("DOMContentLoaded", () => film.load());
})();
