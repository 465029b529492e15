"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  document.documentElement.classList.add("js");

  // The counts choose which scenarios are shown.
  const chips = all(".chip");
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      const only = chip.getAttribute("aria-pressed") === "true" ? null : chip.dataset.only;
      for (const other of chips) other.setAttribute("aria-pressed", String(other.dataset.only === only));
      for (const part of all(".scenario")) part.hidden = only !== null && part.dataset.outcome !== only;
    });
  }

  // A link into a folded scenario unfolds it.
  const reveal = () => {
    let target = null;
    try { target = one(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    const fold = target && target.closest("details");
    if (fold) {
      fold.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Steps and videos: a button seeks, and the playing step is marked.
  for (const button of all(".seek")) {
    button.addEventListener("click", () => {
      const video = one(button.dataset.video);
      if (!video) return;
      const seek = () => { video.currentTime = Number(button.dataset.at); };
      if (video.readyState >= 1) seek();
      else {
        video.addEventListener("loadedmetadata", seek, { once: true });
        video.load();
      }
      video.scrollIntoView({ block: "nearest" });
      video.focus({ preventScroll: true });
    });
  }
  for (const video of all("video")) {
    const steps = all(`.step .seek[data-video="${video.id}"]`).map((button) => ({
      at: Number(button.dataset.at),
      row: button.closest(".step"),
    }));
    let shown = null;
    const follow = () => {
      // A step that was sought may begin a hair after the frame that is shown.
      const now = video.currentTime + 0.005;
      const begun = steps.filter((step) => step.at <= now);
      const row = begun.length ? begun[begun.length - 1].row : null;
      if (row === shown) return;
      if (shown) {
        shown.classList.remove("now");
        shown.removeAttribute("aria-current");
      }
      if (row) {
        row.classList.add("now");
        row.setAttribute("aria-current", "step");
      }
      shown = row;
    };
    for (const event of ["timeupdate", "seeking", "play"]) video.addEventListener(event, follow);
  }

  // A widget of the list is marked in the picture of the screen.
  for (const list of all(".widgets ol")) {
    const finding = list.closest(".finding");
    const shots = all(".picture", finding);
    const shot = shots.filter((one) => one.dataset.kind === "screenshot").pop();
    if (!shot) continue;
    const image = shot.querySelector("img");
    const box = document.createElement("span");
    box.className = "pointer";
    shot.classList.add("pointed");
    const mark = (event) => {
      const line = event.target.closest("li[data-area]");
      if (!line || !image.naturalWidth) return box.remove();
      const [x, y, width, height] = line.dataset.area.split(" ").map(Number);
      // The picture may be letterboxed in its frame.
      const scale = Math.min(image.clientWidth / image.naturalWidth, image.clientHeight / image.naturalHeight);
      const left = image.offsetLeft + (image.clientWidth - image.naturalWidth * scale) / 2;
      const top = image.offsetTop + (image.clientHeight - image.naturalHeight * scale) / 2;
      box.style.left = `${left + x * scale - 2}px`;
      box.style.top = `${top + y * scale - 2}px`;
      box.style.width = `${width * scale + 4}px`;
      box.style.height = `${height * scale + 4}px`;
      shot.append(box);
    };
    for (const event of ["mouseover", "focusin"]) list.addEventListener(event, mark);
    for (const event of ["mouseleave", "focusout"]) list.addEventListener(event, () => box.remove());
  }

  // Pictures, large, one over the other.
  const viewer = one("viewer");
  const picture = one("viewer-picture");
  const stage = picture.parentElement;
  const kinds = viewer.querySelector(".viewer-kinds");
  const blink = one("viewer-blink");
  const size = one("viewer-size");
  let shots = [];
  let current = 0;
  let timer = 0;

  const show = (index) => {
    current = (index + shots.length) % shots.length;
    const { href, dataset } = shots[current];
    picture.src = href;
    picture.alt = dataset.label;
    one("viewer-title").textContent = dataset.label;
    [...kinds.children].forEach((button, at) => button.setAttribute("aria-pressed", String(at === current)));
  };
  const position = (kind) => shots.findIndex((shot) => shot.dataset.kind === kind);
  const still = () => {
    clearInterval(timer);
    timer = 0;
    blink.setAttribute("aria-pressed", "false");
  };
  const startBlinking = () => {
    const pair = [position("expected"), position("actual")];
    if (pair.includes(-1)) return;
    let turn = 0;
    const next = () => show(pair[turn++ % 2]);
    next();
    timer = setInterval(next, 700);
    blink.setAttribute("aria-pressed", "true");
  };
  const open = (group, index) => {
    shots = all(".picture", group);
    kinds.replaceChildren(...(shots.length > 1 ? shots : []).map((shot, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = shot.dataset.label;
      button.addEventListener("click", () => { still(); show(at); });
      return button;
    }));
    blink.hidden = position("expected") < 0 || position("actual") < 0;
    show(index);
    viewer.showModal();
    stage.focus();
  };
  for (const group of all(".pictures")) {
    all(".picture", group).forEach((link, at) => link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(group, at);
    }));
    for (const button of all(".blink", group)) {
      button.addEventListener("click", () => { open(group, 0); startBlinking(); });
    }
  }
  blink.addEventListener("click", () => (timer ? still() : startBlinking()));
  size.addEventListener("click", () => {
    size.setAttribute("aria-pressed", String(stage.classList.toggle("exact")));
  });
  one("viewer-close").addEventListener("click", () => viewer.close());
  viewer.addEventListener("close", still);
  viewer.addEventListener("click", (event) => { if (event.target === viewer) viewer.close(); });
  viewer.addEventListener("keydown", (event) => {
    if (stage.classList.contains("exact") && event.target === stage) return;
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (turn) {
      event.preventDefault();
      still();
      show(current + turn);
    }
  });
})();
