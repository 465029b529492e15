// The chosen step: its words, their place and time, and what is shown of the screen.
(() => {
  const side = film.one("f-side");
  const { make, button } = film;
  let draft = null;

  // The seven places as they are in the picture.
  const pad = (chosen, isLocked, act) => {
    const root = make("div", { className: "f-pad" });
    root.setAttribute("role", "radiogroup");
    root.setAttribute("aria-label", "Place of the caption");
    for (const place of ["top-left", "top", "top-right", null, "center", null, "bottom-left", "bottom", "bottom-right"]) {
      if (!place) {
        root.append(make("span"));
        continue;
      }
      const one = button("", () => act(place), { title: place.replace("-", " "), disabled: isLocked });
      one.setAttribute("role", "radio");
      one.setAttribute("aria-label", place.replace("-", " "));
      one.setAttribute("aria-checked", String(place === chosen));
      root.append(one);
    }
    return root;
  };

  const words = (step, isLocked) => {
    const caption = film.caption(step.step);
    const { text = null, lasting = null } = film.written(step.step);
    const is = { text: text ?? caption?.text ?? "", position: caption?.position ?? "bottom", lasting: lasting && caption ? Number((caption.to - caption.from).toFixed(1)) : null };
    if (draft?.step !== step.step) draft = { step: step.step, ...is };
    const hasCaption = text !== null || Boolean(caption);
    const field = make("textarea", { id: "f-text", value: draft.text, disabled: isLocked, spellcheck: true, maxLength: 1000, placeholder: "No caption" });
    field.setAttribute("aria-label", "Text of the caption");
    const send = () => {
      draft = { ...draft, text: field.value };
      film.change("caption", { step: step.step, words: { text: draft.text, position: draft.position, lasting: draft.lasting } }).then((isDone) => {
        if (isDone) forget();
      });
    };
    const write = button(hasCaption ? "Save the caption" : "Add the caption", send, { className: "main", disabled: true });
    const enable = () => {
      const isEmpty = !field.value.trim() && step.verb !== "caption";
      write.disabled = isLocked || isEmpty || (field.value === is.text && hasCaption);
    };
    field.addEventListener("input", () => { draft.text = field.value; enable(); });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !write.disabled) { event.preventDefault(); send(); }
      if (event.key === "Escape") { forget(); film.draw(); film.one("f-head").focus(); }
    });
    enable();
    const row = make("div", { className: "f-row" }, pad(draft.position, isLocked, (place) => {
      draft.position = place;
      draft.text = field.value;
      if (hasCaption) send();
      else film.draw();
    }));
    const acts = make("div", { className: "f-stack" }, write);
    row.append(acts);
    if (hasCaption) {
      acts.append(button("Remove", () => film.change("caption", { step: step.step, words: null }).then(forget), { disabled: isLocked }));
    }
    const parts = [field, row];
    if (step.verb === "caption") parts.push(length(is, isLocked, send));
    else parts.push(make("p", { className: "hint", textContent: "Shown while the step is played." }));
    if (/\$\{/.test(draft.text)) parts.push(make("p", { className: "hint", textContent: "${…} is filled in when the scenario is played." }));
    return parts;
  };
  const length = (is, isLocked, send) => {
    const number = make("input", { type: "number", min: 0.3, max: 600, step: 0.1, value: draft.lasting ?? "", disabled: isLocked, placeholder: "–" });
    number.setAttribute("aria-label", "How many seconds it is shown");
    number.addEventListener("change", () => {
      draft.lasting = number.value === "" ? null : Number(number.value);
      send();
    });
    const row = make("div", { className: "f-row" }, make("label", {}, "Shown for", number, "s"));
    if (is.lasting === null) row.append(make("span", { className: "aside", textContent: "until the next caption" }));
    else row.append(button("Until the next caption", () => { draft.lasting = null; send(); }, { disabled: isLocked }));
    return row;
  };
  const forget = () => { draft = null; film.draw(); };

  const zoom = (step, isLocked) => {
    const is = step.zoom ?? null;
    const set = (value) => film.change("zoom", { step: step.step, zoom: value });
    const choice = (label, isChosen, act, title) => {
      const made = button(label, act, { disabled: isLocked, title });
      made.setAttribute("aria-pressed", String(isChosen));
      return made;
    };
    const row = make("div", { className: "f-row" },
      choice("Automatic", is === null, () => set(null), "As the style of the film or the block around it says"),
      choice("Off", is === "off", () => set("off"), "The whole screen"),
      choice("Action", is === "action", () => set("action"), "Where something is done"),
      choice(film.isDrawing() ? "Drawing…" : "Draw…", Boolean(is?.area), () => film.drawZoom(), "Draw a rectangle over the picture"));
    const parts = [row];
    const name = film.written(step.step).zoom;
    if (is?.area) {
      const fields = ["x", "y", "width", "height"].map((key) => {
        const field = make("input", { type: "number", min: 0, value: is.area[key], disabled: isLocked, name: key });
        field.addEventListener("change", () => set({ area: Object.fromEntries(fields.map((one) => [one.name, Math.max(0, Math.round(Number(one.value)) || 0)])) }));
        return field;
      });
      parts.push(make("div", { className: "f-numbers" }, ...fields.map((field) => make("label", {}, field.name, field))));
      if (typeof name === "string") parts.push(make("p", { className: "hint", textContent: `The region ${name} of the file.` }));
    }
    if (is === null) {
      let above = step.parent === undefined ? null : film.step(step.parent);
      while (above && !above.zoom) above = above.parent === undefined ? null : film.step(above.parent);
      if (above) parts.push(make("p", { className: "hint", textContent: `Set by “${above.title}”.` }));
    }
    return parts;
  };

  const heading = (text, tint) => {
    const made = make("h3", { textContent: text });
    made.style.setProperty("--tint", `var(--${tint})`);
    return made;
  };
  const draw = () => {
    const step = film.step(film.chosen);
    // Whoever types is not disturbed by what is drawn anew.
    const field = film.one("f-text");
    const typing = field && document.activeElement === field && draft?.step === film.chosen;
    const caret = typing ? [field.selectionStart, field.selectionEnd] : null;
    if (!step) {
      side.replaceChildren(make("p", { className: "aside", textContent: "This recording has no steps." }));
      return;
    }
    const why = film.locked(step.step);
    side.replaceChildren(
      make("h2", { textContent: step.title }),
      make("p", { className: "where" }, make("code", { textContent: `${step.file}:${step.line}` }), ` · ${film.clock(step.from)} to ${film.clock(step.to)}`),
      heading("Caption", "caption"), ...words(step, Boolean(why)),
      heading("Zoom", "zoom"), ...zoom(step, Boolean(why)),
    );
    if (why && !film.known.locked) side.append(make("p", { className: "problem", textContent: `This step cannot be changed here: ${why}.` }));
    if (caret) {
      film.one("f-text").focus();
      film.one("f-text").setSelectionRange(...caret);
    }
  };
  film.parts.push({ draw });
})();
