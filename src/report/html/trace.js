"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const text = (tag, words, name = "") => {
    const element = document.createElement(tag);
    element.textContent = words;
    if (name) element.className = name;
    return element;
  };
  const THUMB = 132;

  // The moments of a trace stand on each other: what is left out is as it was before.
  const picture = async (patch) => {
    const image = new Image();
    image.src = `data:image/png;base64,${patch.png}`;
    await image.decode().catch(() => {});
    return { ...patch, image };
  };
  const unfold = async (lines) => {
    const moments = [];
    let known = { size: null, pointer: null, windows: [], read: "" };
    for (const line of lines) {
      known = {
        size: line.screen ?? known.size,
        pointer: line.pointer ?? known.pointer,
        windows: line.windows ?? known.windows,
        read: line.read ?? known.read,
      };
      const drawn = await Promise.all((line.drawn ?? []).map(picture));
      moments.push({ ...line, ...known, isRead: Boolean(line.read), drawn });
    }
    return moments;
  };
  // The screen at a moment, drawn from the beginning: pictures are small, and few.
  const draw = (canvas, moments, at) => {
    const paper = canvas.getContext("2d", { willReadFrequently: true });
    const size = moments[at]?.size;
    if (!size) return;
    [canvas.width, canvas.height] = size;
    for (const moment of moments.slice(0, at + 1)) {
      for (const { image, x, y } of moment.drawn) if (image.naturalWidth) paper.drawImage(image, x, y);
    }
  };
  // What differs is red on a pale picture.
  const mark = (canvas, before) => {
    const paper = canvas.getContext("2d", { willReadFrequently: true });
    const now = paper.getImageData(0, 0, canvas.width, canvas.height);
    const same = before.width === canvas.width && before.height === canvas.height;
    const then = same ? before.getContext("2d").getImageData(0, 0, before.width, before.height) : null;
    let count = 0;
    for (let at = 0; at < now.data.length; at += 4) {
      const [red, green, blue] = now.data.subarray(at, at + 3);
      const differs = !then || red !== then.data[at] || green !== then.data[at + 1] || blue !== then.data[at + 2];
      const grey = 200 + ((red * 3 + green * 6 + blue) / 10) * 0.2;
      now.data.set(differs ? [205, 30, 30] : [grey, grey, grey], at);
      if (differs) count += 1;
    }
    paper.putImageData(now, 0, 0);
    return count;
  };

  const show = async (section, lines) => {
    const moments = await unfold(lines);
    if (!moments.length) return;
    section.hidden = false;
    const film = section.querySelector(".film");
    const canvas = section.querySelector("canvas");
    const facts = section.querySelector("dl");
    const which = section.querySelector(".which");
    const [aim, place] = [section.querySelector(".aim"), section.querySelector(".at")];
    const views = all(".views button", section);
    const row = (step) => document.getElementById(section.dataset.steps + step);
    const title = (step) => row(step)?.querySelector(".what")?.textContent ?? `step ${step}`;
    const afters = moments.map((moment, at) => ({ moment, at })).filter(({ moment }) => moment.when === "after");
    let chosen = 0;
    let view = "after";

    // Thumbnails: the screen after each step, from one canvas that goes along.
    const whole = document.createElement("canvas");
    const paper = whole.getContext("2d");
    let drawn = 0;
    afters.forEach(({ moment, at }, number) => {
      for (; drawn <= at; drawn += 1) {
        const size = moments[drawn].size;
        if (size && (whole.width !== size[0] || whole.height !== size[1])) [whole.width, whole.height] = size;
        for (const { image, x, y } of moments[drawn].drawn) if (image.naturalWidth) paper.drawImage(image, x, y);
      }
      const item = document.createElement("button");
      item.type = "button";
      item.tabIndex = -1;
      item.setAttribute("role", "option");
      item.title = title(moment.step);
      for (const word of ["failed", "error", "noted"]) if (row(moment.step)?.classList.contains(word)) item.classList.add(word);
      const small = document.createElement("canvas");
      small.width = THUMB;
      small.height = Math.max(1, Math.round((THUMB * whole.height) / Math.max(1, whole.width)));
      const pen = small.getContext("2d");
      pen.imageSmoothingQuality = "high";
      pen.drawImage(whole, 0, 0, small.width, small.height);
      item.append(small, text("span", `${moment.step}`));
      item.addEventListener("click", () => choose(number));
      film.append(item);
    });

    const box = (element, rect, size) => {
      element.hidden = !rect;
      if (!rect) return;
      const share = (part, of) => `${(part / of) * 100}%`;
      element.style.left = share(rect.x, size[0]);
      element.style.top = share(rect.y, size[1]);
      element.style.width = share(rect.width ?? 0, size[0]);
      element.style.height = share(rect.height ?? 0, size[1]);
    };
    const fact = (name, ...values) => {
      facts.append(text("dt", name));
      for (const value of values) facts.append(value instanceof Node ? value : text("dd", value));
    };
    const paint = () => {
      const { moment, at } = afters[chosen];
      // Before a step is what was seen last before its end.
      const before = Math.max(0, at - 1);
      draw(canvas, moments, view === "before" ? before : at);
      let differing = null;
      if (view === "difference") {
        const other = document.createElement("canvas");
        draw(other, moments, before);
        differing = at === 0 ? null : mark(canvas, other);
      }
      canvas.setAttribute("aria-label", `The screen ${view === "before" ? "before" : "after"} ${title(moment.step)}`);
      box(aim, moment.target, moment.size);
      box(place, moment.pointer && { ...moment.pointer }, moment.size);
      which.replaceChildren(text("strong", `${moment.step}. ${title(moment.step)}`), text("span", ` at ${moment.at.toFixed(2)} s`));
      facts.replaceChildren();
      if (differing !== null) fact("differs", differing ? `${differing} pixels` : "nothing");
      if (moment.target) fact("target", `${moment.target.width}×${moment.target.height} at ${moment.target.x},${moment.target.y}`);
      if (moment.pointer) fact("pointer", `${moment.pointer.x},${moment.pointer.y}`);
      const windows = moment.windows.map((one) => {
        const line = text("dd", one.title || "(no title)");
        if (one.focused) line.append(text("em", "has the keyboard"));
        return line;
      });
      fact("windows", ...(windows.length ? windows : ["none"]));
      if (moment.isRead) fact("text that was read", moment.read);
      if (moment.written) {
        const pre = document.createElement("dd");
        pre.append(text("pre", moment.written));
        fact("programs wrote", pre);
      }
    };
    const choose = (number) => {
      chosen = Math.min(Math.max(number, 0), afters.length - 1);
      [...film.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
      film.children[chosen].scrollIntoView({ block: "nearest", inline: "nearest" });
      paint();
    };
    for (const button of views) {
      button.addEventListener("click", () => {
        view = button.dataset.view;
        for (const other of views) other.setAttribute("aria-pressed", String(other === button));
        paint();
      });
    }
    film.addEventListener("keydown", (event) => {
      const next = { ArrowLeft: chosen - 1, ArrowRight: chosen + 1, Home: 0, End: afters.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      choose(next);
    });
    // A step of the list shows its moment.
    afters.forEach(({ moment }, number) => {
      row(moment.step)?.querySelector(".line")?.addEventListener("click", () => {
        choose(number);
        section.scrollIntoView({ block: "nearest" });
      });
      row(moment.step)?.classList.add("seen");
    });
    const bad = afters.findIndex(({ moment }) => row(moment.step)?.matches(".failed, .error"));
    choose(bad < 0 ? afters.length - 1 : bad);
  };

  // A trace is loaded once its scenario is unfolded.
  const load = (section) => {
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
  for (const section of all(".trace")) {
    const fold = section.closest("details");
    if (!fold || fold.open) load(section);
    fold?.addEventListener("toggle", () => { if (fold.open) load(section); });
  }
})();
