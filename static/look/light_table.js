// The light table: SKUs one after another, the next one loaded ahead, decided by single keys.
(() => {
  const table = document.getElementById("light-table");
  if (!table) return;

  const find = (selector, within = table) => within.querySelector(selector);
  const subjects = find("[data-subjects]");
  const reasons = find("[data-reasons]");
  const keys = document.getElementById("light-table-keys");
  const WORDS = {
    pending: "To review",
    approved: "Approved",
    rejected: "Rejected",
    superseded: "Superseded",
  };
  const SHOWN_BACK = 10;
  const HOLD_EVERY = 60_000;

  let shown = null; // the SKU on the table
  let ahead = null; // a promise of the next one
  const trail = []; // SKUs shown before
  const coming = []; // after going back: SKUs to come again
  const decisions = []; // newest last: {id, subject, image}
  const seenTickets = new Set();
  let done = 0;
  let left = 0;
  let isBusy = false;

  const say = (text, tone = "") => {
    const place = find("[data-said]");
    place.textContent = text;
    place.dataset.tone = tone;
  };

  const call = async (address, body) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": table.dataset.csrf },
      body: JSON.stringify({ account: table.dataset.account, ...body }),
    });
    if (answer.redirected || answer.status === 403) {
      throw new Error("You were signed out. Load the page again; nothing is lost.");
    }
    if (!answer.ok) {
      const told = await answer.json().catch(() => ({}));
      throw new Error(told.message || "That did not work. Try again.");
    }
    return answer;
  };

  // SKUs

  const load = async (ticket = null) => {
    const body = { besides: [...seenTickets].slice(-1000) };
    if (ticket) body.ticket = Number(ticket);
    const answer = await call(table.dataset.next, body);
    if (answer.status === 204) return null;
    left = Number(answer.headers.get("X-Left"));
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const subject = holder.content.firstElementChild;
    subject.hidden = true;
    seenTickets.add(Number(subject.dataset.ticket));
    subjects.append(subject);
    for (const image of subject.querySelectorAll("img")) image.decode().catch(() => {});
    return subject;
  };

  const loadAhead = () => {
    ahead = load().catch((error) => {
      say(error.message, "bad");
      return null;
    });
  };

  const put = (subject) => {
    closeReasons();
    if (shown) shown.hidden = true;
    shown = subject;
    find("[data-end]").hidden = Boolean(subject);
    find("[data-actions]").hidden = !subject;
    if (!subject) {
      const isDone = done && !left;
      find("[data-end-title]").textContent = isDone ? "All done" : "Nothing more waits for review";
      find("[data-passed-over]").hidden = !left;
      progress();
      return;
    }
    subject.hidden = false;
    fit();
    pick(firstOpen(subject) || find("[data-pick]", subject));
    progress();
  };

  const next = async () => {
    if (shown) remember(shown);
    const again = coming.pop();
    if (again) {
      put(again);
      return;
    }
    const fresh = await ahead;
    put(fresh);
    if (fresh) loadAhead();
  };

  const remember = (subject) => {
    trail.push(subject);
    while (trail.length > SHOWN_BACK) trail.shift().remove();
  };

  const previous = () => {
    const before = trail.pop();
    if (!before) {
      say("This is the first one.");
      return;
    }
    if (shown) coming.push(shown);
    put(before);
  };

  // What was passed over comes again, once the rest is done.
  const again = () => {
    seenTickets.clear();
    for (const subject of subjects.querySelectorAll("[data-ticket]")) subject.remove();
    trail.length = 0;
    coming.length = 0;
    loadAhead();
    next();
  };

  const progress = () => {
    const all = done + left;
    const bar = find("[data-progress]");
    bar.max = Math.max(all, 1);
    bar.value = done;
    const more = left >= 1000 ? "more than 1,000" : String(left);
    find("[data-progress-text]").textContent = `${done} done, ${more} to go`;
  };

  // Candidates

  const picks = (subject) => [...subject.querySelectorAll("[data-pick]")];
  const isOpen = (one) => one.dataset.state === "pending" || one.dataset.lapsed === "1";
  const firstOpen = (subject) => picks(subject).find(isOpen);
  const picked = () => find('[data-pick][aria-pressed="true"]', shown);

  const pick = (one) => {
    if (!one) return;
    for (const other of picks(shown)) {
      const isIt = other === one;
      const id = other.dataset.pick;
      other.setAttribute("aria-pressed", String(isIt));
      find(`[data-candidate="${id}"]`, shown).hidden = !isIt;
      find(`[data-about="${id}"]`, shown).hidden = !isIt;
    }
    one.scrollIntoView({ block: "nearest", inline: "nearest" });
    find("[data-caption]", shown).textContent = one.dataset.label;
    find("[data-caption-state]", shown).textContent = find("[data-state-word]", one).textContent.trim();
  };

  const step = (by) => {
    const all = picks(shown);
    pick(all[(all.indexOf(picked()) + by + all.length) % all.length]);
  };

  const mark = (subject, states) => {
    for (const one of picks(subject)) {
      const state = states[one.dataset.pick];
      if (!state) continue;
      if (state !== one.dataset.state || state !== "approved") one.dataset.lapsed = "0";
      one.dataset.state = state;
      find("[data-state-word]", one).textContent = WORDS[state];
    }
  };

  // Decisions

  const decide = async (what) => {
    const one = picked();
    if (!one || isBusy) return;
    isBusy = true;
    const subject = shown;
    try {
      const answer = await call(table.dataset.decide, {
        image: Number(one.dataset.pick),
        sha256: one.dataset.sha256,
        seen: one.dataset.state,
        ...what,
      });
      const told = await answer.json();
      mark(subject, told.states);
      one.dataset.lapsed = "0";
      decisions.push({ id: told.decision, subject });
      say(`${one.dataset.label}: ${WORDS[told.states[one.dataset.pick]].toLowerCase()}.`);
      if (firstOpen(subject)) {
        pick(firstOpen(subject));
      } else {
        done += 1;
        left = Math.max(0, left - 1);
        await next();
      }
    } catch (error) {
      say(error.message, "bad");
    } finally {
      isBusy = false;
    }
  };

  const undo = async () => {
    const last = decisions.pop();
    if (!last || isBusy) {
      say(last ? "" : "There is nothing to take back.");
      return;
    }
    isBusy = true;
    try {
      const wasDone = !firstOpen(last.subject);
      const answer = await call(table.dataset.undo, { decision: last.id });
      const told = await answer.json();
      mark(last.subject, told.states);
      if (wasDone && firstOpen(last.subject)) {
        done -= 1;
        left += 1;
      }
      while (shown !== last.subject && trail.includes(last.subject)) previous();
      if (shown !== last.subject) seenTickets.delete(Number(last.subject.dataset.ticket));
      if (shown === last.subject) pick(firstOpen(shown));
      progress();
      say("Taken back.");
    } catch (error) {
      say(error.message, "bad");
    } finally {
      isBusy = false;
    }
  };

  const openReasons = () => {
    reasons.hidden = false;
    find('[data-do="reject"]').setAttribute("aria-expanded", "true");
    find("[data-reason]", reasons).focus();
  };

  const closeReasons = () => {
    if (reasons.hidden) return;
    reasons.hidden = true;
    find('[data-do="reject"]').setAttribute("aria-expanded", "false");
    find("[data-note]", reasons).value = "";
    find('[data-do="reject"]').focus();
  };

  const reject = (reason) => {
    const note = find("[data-note]", reasons).value;
    closeReasons();
    decide({ decide: "reject", reason, note });
  };

  // The view: both panes move and grow together

  const view = { zoom: 1, x: 0, y: 0 };

  const draw = () => {
    subjects.style.setProperty("--zoom", view.zoom);
    subjects.style.setProperty("--x", view.x);
    subjects.style.setProperty("--y", view.y);
  };

  const fit = () => {
    Object.assign(view, { zoom: 1, x: 0, y: 0 });
    draw();
  };

  const zoom = (by) => {
    const before = view.zoom;
    view.zoom = Math.min(8, Math.max(1, view.zoom * by));
    view.x *= view.zoom / before;
    view.y *= view.zoom / before;
    if (view.zoom === 1) Object.assign(view, { x: 0, y: 0 });
    draw();
  };

  const mode = (wanted) => {
    const now = table.dataset.mode === wanted ? "" : wanted;
    table.dataset.mode = now;
    for (const name of ["overlay", "difference"]) {
      find(`[data-do="${name}"]`).setAttribute("aria-pressed", String(now === name));
    }
    for (const overlay of subjects.querySelectorAll("[data-overlay]")) overlay.hidden = !now;
    for (const mix of subjects.querySelectorAll("[data-mix]")) mix.hidden = now !== "overlay";
    if (now && shown && !find("[data-overlay]", shown)) say("There is no source photo to lay over it.");
  };

  const ground = () => {
    const grounds = ["", "white", "dark"];
    const at = grounds.indexOf(table.dataset.ground || "");
    table.dataset.ground = grounds[(at + 1) % grounds.length];
    find('[data-do="ground"]').setAttribute("aria-pressed", String(Boolean(table.dataset.ground)));
  };

  subjects.addEventListener("wheel", (event) => {
    if (!event.target.closest("[data-pane]")) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
  }, { passive: false });

  const fingers = new Map();
  subjects.addEventListener("pointerdown", (event) => {
    const pane = event.target.closest("[data-pane]");
    if (!pane) return;
    pane.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
  });
  subjects.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const other = [...fingers.values()].find((one) => one.pointerId !== event.pointerId);
    const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    if (other && apart(before) > 0) {
      zoom(apart(event) / apart(before));
    } else if (!other) {
      view.x += event.clientX - before.clientX;
      view.y += event.clientY - before.clientY;
      draw();
    }
    fingers.set(event.pointerId, event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    subjects.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  subjects.addEventListener("input", (event) => {
    if (event.target.matches("[data-mix-range]")) {
      subjects.style.setProperty("--mix", event.target.value / 100);
    }
  });

  // Keys and buttons do the same things

  const actions = {
    approve: () => decide({ decide: "approve" }),
    reject: () => (reasons.hidden ? openReasons() : closeReasons()),
    undo,
    next: () => (isBusy ? null : next()),
    previous,
    "zoom-in": () => zoom(1.4),
    "zoom-out": () => zoom(1 / 1.4),
    fit,
    overlay: () => mode("overlay"),
    difference: () => mode("difference"),
    ground,
    help: () => keys.showModal(),
    again,
  };
  const byKey = {
    a: "approve", r: "reject", u: "undo", j: "next", k: "previous", "+": "zoom-in", "=": "zoom-in",
    "-": "zoom-out", 0: "fit", o: "overlay", d: "difference", b: "ground", "?": "help",
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.key === "Escape") {
      closeReasons();
      return;
    }
    if (event.target.matches("input, select, textarea")) return;
    if (!shown && !["u", "k", "?"].includes(event.key.toLowerCase())) return;
    if (!reasons.hidden && /^[1-9]$/.test(event.key)) {
      const reason = find(`[data-number="${event.key}"]`, reasons);
      if (reason) reject(reason.dataset.reason);
      event.preventDefault();
      return;
    }
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      step(event.key === "ArrowLeft" ? -1 : 1);
      event.preventDefault();
      return;
    }
    const name = byKey[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    actions[name]();
  });

  table.addEventListener("click", (event) => {
    const one = event.target.closest("[data-pick]");
    if (one) pick(one);
    const reason = event.target.closest("[data-reason]");
    if (reason) reject(reason.dataset.reason);
    const button = event.target.closest("[data-do]");
    if (button) actions[button.dataset.do]();
  });

  find("[data-table-account]")?.addEventListener("change", (event) => event.target.form.submit());

  const held = () => {
    const tickets = [...subjects.querySelectorAll("[data-ticket]")];
    return tickets.map((one) => Number(one.dataset.ticket));
  };
  setInterval(() => {
    call(table.dataset.hold, { tickets: held() }).catch((error) => say(error.message, "bad"));
  }, HOLD_EVERY);

  // What was looked at is given back at once; if this is lost, it is given back in minutes.
  addEventListener("pagehide", () => {
    fetch(table.dataset.hold, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": table.dataset.csrf },
      body: JSON.stringify({ account: table.dataset.account, tickets: [] }),
    });
  });

  ahead = load(table.dataset.first || null).catch((error) => {
    say(error.message, "bad");
    return null;
  });
  next();
})();
