// What stands over the picture: captions that can be drawn elsewhere, and zooms.
(() => {
  const over = film.one("f-over");
  const PLACES = ["top-left", "top", "top-right", "center", "bottom-left", "bottom", "bottom-right"];
  film.places = PLACES;
  const WHERE = { left: 0.16, center: 0.5, right: 0.84, top: 0.1, bottom: 0.9 };
  const middle = (place) => {
    const [y, x] = place === "center" ? ["center", "center"] : [place.split("-")[0], place.split("-")[1] ?? "center"];
    return [WHERE[x], WHERE[y]];
  };
  const nearest = (event) => {
    const box = over.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const far = (place) => Math.hypot(middle(place)[0] - x, middle(place)[1] - y);
    return PLACES.reduce((best, place) => (far(place) < far(best) ? place : best));
  };

  // Changes part of what a step says; what is not named stays.
  film.write = (number, part) => {
    const caption = film.caption(number);
    const text = film.written(number).text ?? caption?.text ?? "";
    const kept = film.written(number).lasting ? Number((caption.to - caption.from).toFixed(1)) : null;
    return film.change("caption", { step: number, words: { text, position: caption?.position ?? "bottom", lasting: kept, ...part } });
  };

  const hold = (box, caption) => {
    let moved = null;
    box.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || box.disabled) return;
      box.setPointerCapture(event.pointerId);
      moved = { x: event.clientX, y: event.clientY, place: caption.position, far: false };
    });
    box.addEventListener("pointermove", (event) => {
      if (!moved) return;
      const [x, y] = [event.clientX - moved.x, event.clientY - moved.y];
      if (!moved.far && Math.hypot(x, y) < 5) return;
      if (!moved.far) {
        moved.far = true;
        film.one("f-video").pause();
        box.classList.add("held");
        for (const place of PLACES) {
          const spot = film.make("i", { className: "f-place" });
          spot.dataset.at = place;
          over.prepend(spot);
        }
      }
      box.style.translate = `${x}px ${y}px`;
      moved.place = nearest(event);
      for (const spot of over.querySelectorAll(".f-place")) spot.classList.toggle("near", spot.dataset.at === moved.place);
    });
    const release = (isDone) => {
      if (!moved) return;
      const { far, place } = moved;
      moved = null;
      box.classList.remove("held");
      for (const spot of over.querySelectorAll(".f-place")) spot.remove();
      if (far && isDone && place !== caption.position) {
        box.style.translate = "";
        box.dataset.at = place;
        film.write(caption.step, { position: place });
      } else if (far) box.style.translate = "";
      else film.choose(caption.step, false);
    };
    box.addEventListener("pointerup", () => release(true));
    box.addEventListener("pointercancel", () => release(false));
    box.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (!by || box.disabled) return;
      event.preventDefault();
      const at = (PLACES.indexOf(caption.position) + by + PLACES.length) % PLACES.length;
      film.write(caption.step, { position: PLACES[at] }).then(() => over.querySelector(".f-caption")?.focus());
    });
  };

  let shown = null;
  const captions = (time) => {
    const now = film.known.timeline.captions.filter((one) => one.from <= time + 1e-3 && time + 1e-3 < one.to);
    const key = JSON.stringify([now, film.chosen, film.known.locked]);
    if (key === shown || over.querySelector(".held")) return;
    shown = key;
    for (const box of over.querySelectorAll(".f-caption")) box.remove();
    for (const caption of now) {
      const box = film.make("button", { type: "button", className: "f-caption", textContent: caption.text });
      box.dataset.at = caption.position;
      box.disabled = Boolean(film.locked(caption.step));
      box.setAttribute("aria-label", `Caption: ${caption.text}; at ${caption.position}`);
      box.setAttribute("aria-pressed", String(caption.step === film.chosen));
      hold(box, caption);
      over.append(box);
    }
  };

  // The zoom of the chosen step, or of a block around it, while it is played.
  const frame = film.make("div", { className: "f-zoom", hidden: true }, film.make("b"));
  over.append(frame);
  const outline = (area, words) => {
    const { width, height } = film.known.timeline.size;
    const share = (part, whole) => `${(part / whole) * 100}%`;
    Object.assign(frame.style, { left: share(area.x, width), top: share(area.y, height), width: share(area.width, width), height: share(area.height, height) });
    frame.classList.toggle("inside", area.y < height * 0.06);
    frame.firstChild.textContent = words;
    frame.hidden = false;
  };
  const covers = (time) => {
    const now = film.known.timeline.covers.filter((one) => one.from <= time && time < one.to);
    const key = JSON.stringify(now);
    if (key === covered) return;
    covered = key;
    const { width, height } = film.known.timeline.size;
    for (const old of over.querySelectorAll(".f-cover")) old.remove();
    for (const { area } of now) {
      const cover = film.make("i", { className: "f-cover", title: "covered in the film" });
      const share = (part, whole) => `${(part / whole) * 100}%`;
      Object.assign(cover.style, { left: share(area.x, width), top: share(area.y, height), width: share(area.width, width), height: share(area.height, height) });
      over.prepend(cover);
    }
  };
  let covered = null;
  const framing = (time) => {
    if (drawn) return;
    const chosen = film.step(film.chosen);
    let step = chosen && chosen.from <= time + 0.05 && time <= chosen.to + 0.05 ? chosen : film.at(time);
    while (step && !step.zoom) step = step.parent === undefined ? null : film.step(step.parent);
    const zoom = step?.zoom;
    if (zoom?.area) outline(zoom.area, `zoom ${zoom.area.width}×${zoom.area.height}`);
    else frame.hidden = true;
  };

  // Drawing one.
  let drawn = null;
  const place = (event) => {
    const box = over.getBoundingClientRect();
    const { width, height } = film.known.timeline.size;
    const at = (value, start, size, most) => Math.min(most, Math.max(0, Math.round(((value - start) / size) * most)));
    return [at(event.clientX, box.left, box.width, width), at(event.clientY, box.top, box.height, height)];
  };
  const stop = () => {
    drawn = null;
    over.classList.remove("drawing");
    film.draw();
  };
  film.drawZoom = () => {
    if (film.chosen === null || film.locked(film.chosen)) return;
    if (drawn) { stop(); return; }
    drawn = { from: null, area: null };
    film.one("f-video").pause();
    over.classList.add("drawing");
    film.draw();
    film.say("Draw a rectangle over the picture, or press Escape to cancel");
  };
  film.isDrawing = () => Boolean(drawn);
  over.addEventListener("pointerdown", (event) => {
    if (!drawn || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    over.setPointerCapture(event.pointerId);
    drawn.from = place(event);
  }, true);
  over.addEventListener("pointermove", (event) => {
    if (!drawn?.from) return;
    const [x, y] = place(event);
    const [left, top] = drawn.from;
    drawn.area = { x: Math.min(x, left), y: Math.min(y, top), width: Math.abs(x - left), height: Math.abs(y - top) };
    outline(drawn.area, `${drawn.area.width}×${drawn.area.height}`);
  });
  over.addEventListener("pointerup", () => {
    if (!drawn?.from) return;
    const { area } = drawn;
    stop();
    if (area && area.width > 15 && area.height > 15) film.change("zoom", { step: film.chosen, zoom: { area } });
    else film.say("that rectangle is too small", "problem");
  });
  over.addEventListener("pointercancel", () => { if (drawn) stop(); });
  addEventListener("keydown", (event) => { if (event.key === "Escape" && drawn) stop(); });

  film.parts.push({
    draw() { shown = null; },
    tick(time) {
      covers(time);
      captions(time);
      framing(time);
    },
  });
})();
