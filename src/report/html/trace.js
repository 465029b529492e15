// What the screen showed before and after each step: a strip of small pictures, and one
// step of it large, with what is known about it.
(() => {
  const { all, text } = page;
  const THUMB = 132;

  // The moments of a trace build on each other: what is left out is as it was before.
  const load = (patch) => new Promise((done) => {
    const image = new Image();
    const found = () => done({ ...patch, image });
    image.addEventListener("load", found);
    image.addEventListener("error", found);
    image.src = `data:image/png;base64,${patch.png}`;
  });
  const unfold = async (lines) => {
    const moments = [];
    let known = { screen: null, pointer: null, windows: [], read: "" };
    for (const line of lines) {
      known = Object.fromEntries(Object.entries(known).map(([name, value]) => [name, line[name] ?? value]));
      moments.push({ ...line, ...known, isRead: Boolean(line.read), drawn: (line.drawn ?? []).map(load) });
    }
    for (const moment of moments) moment.drawn = await Promise.all(moment.drawn);
    return moments;
  };
  const add = (canvas, { screen, drawn }) => {
    if (screen && (canvas.width !== screen[0] || canvas.height !== screen[1])) [canvas.width, canvas.height] = screen;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    for (const { image, x, y } of drawn) if (image.naturalWidth) pen.drawImage(image, x, y);
  };
  const drawn = (moments, last, canvas = document.createElement("canvas")) => {
    moments.slice(0, last + 1).forEach((moment) => add(canvas, moment));
    return canvas;
  };
  // What differs is red on a pale picture.
  const mark = (canvas, before) => {
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const now = pen.getImageData(0, 0, canvas.width, canvas.height);
    const same = before.width === canvas.width && before.height === canvas.height;
    const then = same ? before.getContext("2d").getImageData(0, 0, before.width, before.height) : null;
    const [new32, old32] = [new Uint32Array(now.data.buffer), then && new Uint32Array(then.data.buffer)];
    let count = 0;
    for (let at = 0; at < new32.length; at += 1) {
      if (!old32 || new32[at] !== old32[at]) {
        new32[at] = 0xff1e1ecd;
        count += 1;
        continue;
      }
      const levels = now.data.subarray(at * 4, at * 4 + 3);
      levels.fill(200 + ((levels[0] * 3 + levels[1] * 6 + levels[2]) / 10) * 0.2);
    }
    pen.putImageData(now, 0, 0);
    return count;
  };

  const show = async (section, lines) => {
    const moments = await unfold(lines);
    const steps = moments.map((moment, at) => ({ ...moment, last: at })).filter((moment) => moment.when === "after");
    if (!steps.length) return;
    const body = section.closest(".attempt, .body");
    const [film, canvas, facts, which] = [".film", "canvas", "dl", ".which"].map((name) => section.querySelector(name));
    const [aim, place] = [".aim", ".at"].map((name) => section.querySelector(name));
    const views = all(".views [data-view]", section);
    const row = (step) => page.one(section.dataset.steps + step);
    const title = (step) => row(step)?.querySelector(".what")?.textContent ?? `step ${step}`;
    let chosen = 0;
    let view = "after";

    // Small pictures: the screen after each step, from one canvas that goes along.
    const whole = document.createElement("canvas");
    let done = 0;
    steps.forEach((step, number) => {
      for (; done <= step.last; done += 1) add(whole, moments[done]);
      const item = document.createElement("button");
      item.type = "button";
      item.tabIndex = -1;
      item.id = `${section.dataset.steps}film-${number}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-label", `${step.step}. ${title(step.step)}`);
      item.title = title(step.step);
      item.classList.add(...["failed", "error", "noted"].filter((word) => row(step.step)?.classList.contains(word)));
      const small = document.createElement("canvas");
      [small.width, small.height] = [THUMB, Math.max(1, Math.round((THUMB * whole.height) / Math.max(1, whole.width)))];
      const pen = small.getContext("2d");
      pen.imageSmoothingQuality = "high";
      pen.drawImage(whole, 0, 0, small.width, small.height);
      item.append(small, text("span", `${step.step}`));
      film.append(item);
    });

    const box = (element, area, screen) => {
      element.hidden = !area || !screen;
      if (element.hidden) return;
      const { x, y, width = 0, height = 0 } = area;
      const [across, down] = screen;
      const shares = { left: x / across, top: y / down, width: width / across, height: height / down };
      for (const [name, share] of Object.entries(shares)) element.style[name] = `${share * 100}%`;
    };
    const fact = (name, ...values) => {
      facts.append(text("dt", name));
      for (const value of values) {
        const line = value instanceof Node ? document.createElement("dd") : text("dd", value);
        if (value instanceof Node) line.append(value);
        facts.append(line);
      }
    };
    const windowLine = (one) => {
      const line = text("span", one.title || "(no title)");
      if (one.focused) line.append(text("em", "has the keyboard"));
      return line;
    };
    const area = ({ x, y, width, height }) => `${width}×${height} at ${x},${y}`;
    const tell = (step, differing) => {
      const took = row(step.step)?.querySelector(".took")?.textContent;
      const line = row(step.step)?.querySelector("[data-yaml]");
      which.replaceChildren(text("strong", `${step.step}. ${title(step.step)}`), text("span", ` at ${step.at.toFixed(2)} s${took ? `, took ${took}` : ""}`));
      facts.replaceChildren();
      if (line) fact(line.title, text("code", line.dataset.yaml));
      if (differing !== null) fact("Differs", differing ? `${differing} pixels` : "nothing");
      if (step.target) fact("Target", area(step.target));
      if (step.pointer) fact("Pointer", `${step.pointer.x},${step.pointer.y}`);
      const { count = 0, last = [] } = step.looks ?? {};
      if (count) {
        const longer = count > last.length ? `${count} times, the last ` : "";
        fact("Looked at the screen", `${longer}${last.map((ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)}`).join(", ")} ms`);
      }
      fact("Windows", ...(step.windows.length ? step.windows.map(windowLine) : ["none"]));
      if (step.isRead) fact("Text that was read", step.read);
      if (step.written) fact("Programs wrote", text("pre", step.written));
      for (const [name, words] of Object.entries(step.logs ?? {})) fact(`${name} wrote`, text("pre", words));
    };
    const paint = () => {
      const step = steps[chosen];
      // Before a step is what was seen last before its end.
      const before = Math.max(0, step.last - 1);
      drawn(moments, view === "before" ? before : step.last, canvas);
      const differing = view === "difference" && step.last > 0 ? mark(canvas, drawn(moments, before)) : null;
      const when = { before: "before", after: "after", difference: "what changed in" }[view];
      canvas.setAttribute("aria-label", `The screen ${when} step ${step.step}: ${title(step.step)}`);
      box(aim, step.target, step.screen);
      box(place, step.pointer, step.screen);
      tell(step, differing);
    };
    const choose = (number, isFollowed = false) => {
      chosen = Math.min(Math.max(number, 0), steps.length - 1);
      [...film.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
      const item = film.children[chosen];
      film.setAttribute("aria-activedescendant", item.id);
      film.scrollLeft = Math.min(item.offsetLeft - film.offsetLeft, Math.max(film.scrollLeft, item.offsetLeft - film.offsetLeft + item.offsetWidth - film.clientWidth));
      for (const other of all(".step.shown-now", body)) other.classList.remove("shown-now");
      row(steps[chosen].step)?.classList.add("shown-now");
      paint();
      // The video stands at the same moment.
      const seek = isFollowed && row(steps[chosen].step)?.querySelector(".seek");
      if (seek && page.one(seek.dataset.video)?.paused) page.seek(seek);
    };
    const controls = {
      by: (steps) => choose(chosen + steps, true),
      go(target) {
        const number = steps.findIndex((step) => target.closest(".step, .finding")?.id.endsWith(`-${step.step}`));
        if (number >= 0) choose(number, true);
      },
      view(word) {
        view = word;
        page.press(views, (button) => button.dataset.view === view);
        paint();
      },
      // The screen before and after the step, large.
      enlarge() {
        const { last } = steps[chosen];
        const shots = [["before", "Before", Math.max(0, last - 1)], ["after", "After", last]];
        page.view(shots.map(([kind, label, at]) => ({ kind, label, source: drawn(moments, at).toDataURL() })), view === "before" ? 0 : 1);
      },
    };
    page.films.set(body, controls);

    for (const button of views) button.addEventListener("click", () => controls.view(button.dataset.view));
    section.querySelector(".enlarge").addEventListener("click", controls.enlarge);
    canvas.addEventListener("click", controls.enlarge);
    film.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      controls.by(by);
    });
    // A pointer that is drawn across the strip scrubs through the steps.
    const scrub = (event) => {
      const item = document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".film button");
      if (item?.parentElement === film) choose([...film.children].indexOf(item), true);
    };
    film.addEventListener("click", (event) => { if (event.target.closest("button")) scrub(event); });
    film.addEventListener("pointermove", (event) => { if (event.buttons & 1) scrub(event); });
    // A step of the list shows its moment.
    steps.forEach(({ step }) => row(step)?.addEventListener("click", (event) => {
      if (event.target.closest("a:not(.number), button, .below")) return;
      controls.go(event.currentTarget);
      section.scrollIntoView({ block: "nearest" });
    }));
    steps.forEach(({ step }) => row(step)?.classList.add("seen"));

    section.hidden = false;
    const bad = steps.findIndex(({ step }) => row(step)?.matches(".failed, .error"));
    choose(bad < 0 ? steps.length - 1 : bad);
    const named = location.hash && body.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`);
    if (named) controls.go(named);
    page.again();
  };

  // A trace is loaded once its scenario is unfolded.
  const fetchTrace = (section) => {
    if (section.dataset.loading) return;
    section.dataset.loading = "yes";
    const script = document.createElement("script");
    script.src = section.dataset.script;
    script.addEventListener("load", () => {
      const lines = window.deskhandTraces?.[section.dataset.trace];
      if (lines) show(section, lines);
    });
    document.head.append(script);
  };
  page.wire((body) => {
    for (const section of all(".trace", body)) {
      const fold = section.closest("details");
      if (!fold || fold.open) fetchTrace(section);
      else fold.addEventListener("toggle", () => { if (fold.open) fetchTrace(section); });
    }
  });
})();
