// A draft of the film as it is now.
(() => {
  const dialog = film.one("f-preview");
  const screen = film.one("f-draft");
  const [bar, words, again] = ["f-progress", "f-doing", "f-again"].map(film.one);
  let asked = 0;
  const body = () => ({ timeline: film.path });
  const show = (part) => {
    screen.hidden = part !== "film";
    bar.hidden = part !== "work";
    again.hidden = part === "work";
  };
  const end = () => {
    asked += 1;
    screen.pause();
    screen.removeAttribute("src");
    screen.load();
    // The page may be on its way out, and the request has to outlive it.
    fetch("/.deskhand/film/preview/end", {
      method: "POST",
      keepalive: true,
      headers: { "content-type": "application/json", "x-deskhand-review": "1" },
      body: JSON.stringify(body()),
    }).catch(() => null);
  };
  const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const start = async () => {
    const mine = (asked += 1);
    if (!dialog.open) dialog.showModal();
    film.one("f-video").pause();
    screen.pause();
    show("work");
    bar.removeAttribute("value");
    words.className = "";
    words.textContent = "The film is being drawn…";
    const begun = await film.ask("preview", {});
    if (mine !== asked) return;
    let known = begun;
    while (!known.reason && known.is === "working") {
      bar.max = Math.max(1, known.all);
      if (known.done) bar.value = known.done;
      if (known.all) words.textContent = `${known.done} of ${known.all} frames are drawn`;
      await rest(300);
      if (mine !== asked) return;
      known = await film.get(`/.deskhand/film/preview?number=${begun.number}`);
      if (mine !== asked) return;
    }
    if (known.is !== "ready") {
      show("failed");
      words.className = "problem";
      words.textContent = known.reason ?? "the film was not made";
      return;
    }
    show("film");
    words.textContent = [`A draft: half as large, with fewer frames. ${known.seconds.toFixed(1)} s`, ...known.notes].join(" · ");
    screen.src = `/.deskhand/film/preview.mp4?number=${begun.number}`;
    screen.play().catch(() => null);
  };
  film.one("f-try").addEventListener("click", start);
  again.addEventListener("click", start);
  film.one("f-shut").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", end);
  addEventListener("pagehide", () => { if (dialog.open) end(); });
  film.parts.push({ draw() { film.one("f-try").disabled = !film.known.previews; } });
})();
