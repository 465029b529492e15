// Links to scenarios and steps; steps and videos.
(() => {
  const { all, one } = page;

  // A trace that is loaded late moves what a link led to, until somebody moves on.
  let arrived = null;
  page.again = () => arrived?.();
  for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    addEventListener(event, () => { arrived = null; }, { passive: true });
  }

  // A link into a folded scenario unfolds it.
  const reveal = () => {
    let name = "";
    try { name = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const scenario = one(`s${/^[sf](\d+)/.exec(name)?.[1]}`);
    if (!scenario) return;
    scenario.hidden = false;
    page.open(scenario);
    const target = one(name);
    if (!target) return;
    arrived = () => target.scrollIntoView({ block: target === scenario ? "start" : "center" });
    arrived();
    page.films.get(target.closest(".attempt, .body"))?.go(target);
  };
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", reveal);

  // A button seeks in the video, and the step that plays is marked.
  const seek = (button) => {
    const video = one(button.dataset.video);
    if (!video) return;
    const go = () => { video.currentTime = Number(button.dataset.at); };
    if (video.readyState >= 1) go();
    else {
      video.addEventListener("loadedmetadata", go, { once: true });
      video.load();
    }
    return video;
  };
  page.seek = seek;
  const follow = (video) => {
    const steps = all(`.step .seek[data-video="${video.id}"]`).map((button) => ({
      at: Number(button.dataset.at),
      row: button.closest(".step"),
    }));
    let shown = null;
    const mark = () => {
      // A step that was sought may begin a hair after the frame that is shown.
      const now = video.currentTime + 0.005;
      const row = steps.findLast((step) => step.at <= now)?.row ?? null;
      if (row === shown) return;
      shown?.classList.remove("now");
      shown?.removeAttribute("aria-current");
      row?.classList.add("now");
      row?.setAttribute("aria-current", "step");
      shown = row;
    };
    for (const event of ["timeupdate", "seeking", "play"]) video.addEventListener(event, mark);
  };
  // A widget, or a difference, that has its place on the screen is marked in the picture.
  const point = (list) => {
    const shots = all(".picture", list.closest(".finding"));
    const of = (kind) => shots.findLast((shot) => shot.dataset.kind === kind);
    const shot = list.closest(".changes") ? of("actual") : of("screenshot") ?? of("actual");
    if (!shot) return;
    const image = shot.querySelector("img");
    const box = page.text("span", "", "pointer");
    shot.classList.add("pointed");
    const mark = (event) => {
      const line = event.target.closest("[data-area]");
      if (!line || !image.naturalWidth) return box.remove();
      const [x, y, width, height] = line.dataset.area.split(" ").map(Number);
      // The picture may be letterboxed in its frame.
      const scale = Math.min(image.clientWidth / image.naturalWidth, image.clientHeight / image.naturalHeight);
      const left = image.offsetLeft + (image.clientWidth - image.naturalWidth * scale) / 2;
      const top = image.offsetTop + (image.clientHeight - image.naturalHeight * scale) / 2;
      const side = { left: left + x * scale - 2, top: top + y * scale - 2, width: width * scale + 4, height: height * scale + 4 };
      for (const [name, pixels] of Object.entries(side)) box.style[name] = `${pixels}px`;
      shot.append(box);
    };
    for (const event of ["mouseover", "focusin"]) list.addEventListener(event, mark);
    for (const event of ["mouseleave", "focusout"]) list.addEventListener(event, () => box.remove());
  };

  page.wire((body) => {
    for (const button of all(".seek", body)) {
      button.addEventListener("click", () => {
        const video = seek(button);
        video?.scrollIntoView({ block: "nearest" });
        video?.focus({ preventScroll: true });
      });
    }
    all("video", body).forEach(follow);
    const lists = new Set(all("[data-area]", body).map((line) => line.parentElement));
    lists.forEach(point);
  });
})();
