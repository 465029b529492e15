// Pictures, large: one alone, or the actual one over the expected one.
(() => {
  const { all, one } = page;
  const viewer = one("viewer");
  const [stage, paper] = [viewer.querySelector(".viewer-stage"), viewer.querySelector(".viewer-paper")];
  const [under, over, share, pixel] = ["viewer-under", "viewer-over", "viewer-share", "viewer-pixel"].map(one);
  const probe = paper.querySelector("i");
  const [kinds, ways] = [viewer.querySelector(".viewer-kinds"), viewer.querySelector(".viewer-ways")];
  const PAIRS = [["expected", "actual"], ["before", "after"]];
  let [shots, current, way, scale, fits, timer] = [[], 0, "", 1, true, 0];
  let at = null;

  const index = (kind) => shots.findIndex((shot) => shot.kind === kind);
  const pair = () => PAIRS.map((kinds) => kinds.map(index)).find((places) => !places.includes(-1));
  const layer = (image, shot) => {
    if (image.src !== shot.source) image.src = shot.source;
    image.alt = shot.label;
  };

  // Zoom: the paper is as large as the larger picture, times the scale.
  const size = () => [Math.max(under.naturalWidth, over.hidden ? 0 : over.naturalWidth, 1), Math.max(under.naturalHeight, over.hidden ? 0 : over.naturalHeight, 1)];
  const lay = () => {
    const [width, height] = size();
    if (fits) scale = Math.min(stage.clientWidth / width, stage.clientHeight / height);
    paper.style.width = `${width * scale}px`;
    paper.style.height = `${height * scale}px`;
    paper.classList.toggle("pixels", scale >= 1.5);
    for (const image of [under, over]) {
      image.style.width = `${image.naturalWidth * scale}px`;
      image.style.height = `${image.naturalHeight * scale}px`;
    }
    one("viewer-scale").textContent = `${Math.round(scale * 100)} %`;
    mark();
  };
  const zoom = (factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) => {
    const [left, top] = [(stage.scrollLeft + x) / scale, (stage.scrollTop + y) / scale];
    fits = factor === 0;
    scale = Math.min(32, Math.max(0.1, scale * (factor || 1)));
    lay();
    stage.scrollTo(left * scale - x, top * scale - y);
  };

  // How the two pictures lie on each other.
  const cover = () => {
    const part = Number(share.value);
    over.style.clipPath = way === "slider" ? `inset(0 0 0 ${100 - part}%)` : "";
    over.style.opacity = way === "onion" ? part / 100 : 1;
    paper.style.setProperty("--edge", way === "slider" ? `${100 - part}%` : "-1rem");
  };
  const title = (words) => { one("viewer-title").textContent = words; };
  const stop = () => {
    clearInterval(timer);
    [way, timer] = ["", 0];
    over.hidden = share.hidden = true;
    cover();
    page.press(all("button", ways), () => false);
  };
  const show = (number) => {
    stop();
    current = (number + shots.length) % shots.length;
    layer(under, shots[current]);
    title(shots[current].label);
    page.press(all("button", kinds), (button) => button === kinds.children[current]);
    lay();
  };
  const lie = (how) => {
    const places = pair();
    if (!places) return;
    if (way === how) return show(places[1]);
    stop();
    way = how;
    const [expected, actual] = places.map((place) => shots[place]);
    layer(under, expected);
    layer(over, actual);
    over.hidden = false;
    share.hidden = how === "blink";
    const [left, right] = [expected.label, actual.label.toLowerCase()];
    title(how === "slider" ? `${left} on the left, ${right} on the right` : `${left} under ${right}`);
    page.press(all("button", kinds), () => false);
    page.press(all("button", ways), (button) => button.dataset.way === how);
    if (how === "blink") {
      timer = setInterval(() => {
        over.hidden = !over.hidden;
        title((over.hidden ? expected : actual).label);
      }, 700);
    }
    cover();
    lay();
  };

  // The pixel under the pointer. A page that was opened from a disk may show pictures
  // next to it, but not read them: scripts with the same pictures help out.
  const papers = new Map();
  const read = (shot, [x, y]) => {
    const image = shot.image;
    if (!image?.complete || x >= image.naturalWidth || y >= image.naturalHeight) return "outside";
    if (!papers.has(image)) {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      pen.drawImage(image, 0, 0);
      papers.set(image, pen);
    }
    try {
      const levels = papers.get(image).getImageData(x, y, 1, 1).data;
      return `#${[...levels.slice(0, 3)].map((level) => level.toString(16).padStart(2, "0")).join("")}`;
    } catch { return "unreadable"; }
  };
  const mark = () => {
    probe.hidden = !at || scale < 4;
    if (!at) { pixel.textContent = ""; return; }
    for (const [name, value] of Object.entries({ left: at[0], top: at[1], width: 1, height: 1 })) probe.style[name] = `${value * scale}px`;
    const places = pair();
    const told = (places && (way || places.includes(current)) ? places : [current]).map((place) => shots[place]);
    const values = told.map((shot) => ({ label: shot.label, value: read(shot, at) }));
    const swatch = ({ label, value }) => {
      const part = page.text("span", `${label} ${value}`);
      if (value.startsWith("#")) {
        const colour = page.text("i", "");
        colour.style.background = value;
        part.prepend(colour);
      }
      return part;
    };
    pixel.replaceChildren(page.text("span", `x ${at[0]}, y ${at[1]}`), ...values.map(swatch));
  };
  const aim = (event) => {
    const box = paper.getBoundingClientRect();
    const place = [Math.floor((event.clientX - box.left) / scale), Math.floor((event.clientY - box.top) / scale)];
    const [width, height] = size();
    at = place[0] >= 0 && place[1] >= 0 && place[0] < width && place[1] < height ? place : null;
    mark();
  };

  const load = (shot) => {
    const image = new Image();
    image.src = window.deskhandPictures?.[shot.path] ?? shot.source;
    image.addEventListener("load", mark, { once: true });
    return Object.assign(shot, { image });
  };
  const fetchPixels = (group) => {
    const script = group?.dataset.pixels;
    if (location.protocol !== "file:" || !script) return;
    group.removeAttribute("data-pixels");
    const element = document.createElement("script");
    element.src = script;
    element.addEventListener("load", () => { shots.forEach(load); papers.clear(); });
    document.head.append(element);
  };

  // Shows some pictures, each with a kind, a label and a source.
  page.view = (pictures, number, how = "") => {
    shots = pictures.map(load);
    papers.clear();
    [at, fits] = [null, true];
    kinds.replaceChildren(...(shots.length > 1 ? shots : []).map((shot, place) => {
      const button = page.text("button", shot.label);
      button.type = "button";
      button.addEventListener("click", () => show(place));
      return button;
    }));
    ways.hidden = !pair();
    viewer.showModal();
    show(Math.max(0, number));
    if (how) lie(how);
    stage.focus();
  };
  const open = (group, number, how) => {
    const pictures = all(".picture", group).map((link) => ({
      kind: link.dataset.kind,
      label: link.dataset.label,
      source: link.href,
      path: link.dataset.path,
    }));
    page.view(pictures, number, how);
    fetchPixels(group);
  };
  page.wire((body) => {
    for (const group of all(".pictures", body)) {
      all(".picture", group).forEach((link, number) => link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        open(group, number);
      }));
      for (const button of all("[data-way]", group)) button.addEventListener("click", () => open(group, 0, button.dataset.way));
    }
  });

  for (const image of [under, over]) image.addEventListener("load", lay);
  addEventListener("resize", () => { if (viewer.open) lay(); });
  for (const button of all("button", ways)) button.addEventListener("click", () => lie(button.dataset.way));
  share.addEventListener("input", cover);
  for (const button of all("[data-zoom]", viewer)) {
    button.addEventListener("click", () => zoom({ in: 1.5, out: 1 / 1.5, fit: 0 }[button.dataset.zoom]));
  }
  one("viewer-close").addEventListener("click", () => viewer.close());
  viewer.addEventListener("close", stop);
  viewer.addEventListener("click", (event) => { if (event.target === viewer) viewer.close(); });
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = stage.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  // A drag moves the paper, or the edge of the slider.
  let held = null;
  stage.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX + stage.scrollLeft, y: event.clientY + stage.scrollTop };
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    aim(event);
    if (!held) return;
    if (way === "slider") {
      const box = paper.getBoundingClientRect();
      share.value = 100 - ((event.clientX - box.left) / box.width) * 100;
      return cover();
    }
    stage.scrollTo(held.x - event.clientX, held.y - event.clientY);
  });
  for (const event of ["pointerup", "pointercancel"]) stage.addEventListener(event, () => { held = null; });
  const KEYS = {
    s: () => lie("slider"), o: () => lie("onion"), b: () => lie("blink"),
    "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), 0: () => zoom(0), f: () => viewer.close(),
  };
  viewer.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === share && /^(Arrow|Home|End|Page)/.test(event.key)) return;
    const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (event.shiftKey && (across || down)) {
      const [width, height] = size();
      const [x, y] = at ?? [Math.floor(width / 2), Math.floor(height / 2)];
      at = [Math.min(width - 1, Math.max(0, x + across)), Math.min(height - 1, Math.max(0, y + down))];
      mark();
    } else if (across && (fits || event.target !== stage)) show(current + across);
    else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
    // The page has other things to do for the same keys.
    event.stopPropagation();
  });
})();
