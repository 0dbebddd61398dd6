// The light table: SKUs one after another, the next ones loaded ahead, decided by single keys.
// A decision shows at once and is sent behind the reviewer's back. What is drawn of a SKU is what
// the server has told of it, with the decisions that are still on their way laid over it; one that
// is refused is taken off again, and its SKU comes back with the next step. New SKUs are loaded
// beside what is being written; one that was shown is loaded again behind it.
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
  const NOTHING_PICKED = "That image is not to be decided any more. Pick one with the arrow keys.";
  const DECIDED = { approve: "approved", reject: "rejected" };
  const GIVES_WAY = ["pending", "approved"];
  const DECIDING = ["approve", "reject", "undo"];
  const SHOWN_BACK = 10;
  const MOST_BESIDES = 1000;
  const LOADED_AHEAD = 3; // at least; so many more are loaded at once
  const HOLD_EVERY = 60_000;
  const PATIENCE = 30_000;

  // SKUs are known by the numbers of their tickets, as texts; each has one element.
  let shown = null;
  const ahead = []; // the next ones, loaded
  let loading = null; // a promise, while more are being loaded
  const trail = []; // shown before
  const coming = []; // to come again before anything new
  const seen = new Set();
  const done = new Set();
  const lost = new Set(); // not ours to decide any more
  let unseen = 0; // wait besides those
  let isDry = false; // nothing more waits
  let isMoving = false;
  let moved = Promise.resolve();

  const told = new Map(); // ticket: {image: {role, state, lapsed}}, as the server said last
  const heardAt = new Map(); // ticket: the number of the answer about it that came last
  let heard = 0;
  const onTheirWay = []; // decisions without an answer yet, oldest first
  const decisions = []; // those that can be taken back, newest last
  let made = 0;
  let undosOnTheirWay = 0;

  const at = (ticket) => find(`[data-ticket="${ticket}"]`, subjects);

  const take = (list, one) => {
    const place = list.indexOf(one);
    if (place >= 0) list.splice(place, 1);
    return place >= 0;
  };

  const say = (text, tone = "") => {
    const place = find("[data-said]");
    place.textContent = text;
    place.dataset.tone = tone;
  };

  // An error with `isOutdated` says that what was looked at is not so any more.
  const call = async (address, body) => {
    const answer = await fetch(address, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": table.dataset.csrf },
      signal: AbortSignal.timeout(PATIENCE),
      body: JSON.stringify({ account: table.dataset.account, ...body }),
    }).catch(() => {
      throw new Error("The server could not be reached.");
    });
    if (answer.redirected || answer.status === 403) {
      throw new Error("You were signed out. Load the page again; what was sent before is kept.");
    }
    if (!answer.ok) {
      const refusal = await answer.json().catch(() => ({}));
      const error = new Error(refusal.message || "That did not work. Try again.");
      error.isOutdated = answer.status === 409 || answer.status === 404;
      throw error;
    }
    return answer;
  };

  // Writing calls go out one after another: what was decided first is written first.
  let line = Promise.resolve();

  const inLine = (task) => {
    const ended = line.then(task);
    line = ended.catch(() => {});
    return ended;
  };

  // SKUs

  const shownBefore = () => [...seen].slice(-MOST_BESIDES);

  const countLeft = () =>
    unseen + shownBefore().filter((one) => !done.has(one) && !lost.has(one)).length;

  // The tickets of those that came: the one asked for, or the next ones.
  const load = async ({ asked = null, atMost = 1 } = {}) => {
    const body = { besides: shownBefore().map(Number), at_most: atMost };
    if (asked) body.ticket = Number(asked);
    const heardSoFar = heard;
    const answer = await call(table.dataset.next, body);
    if (!asked) {
      unseen = Number(answer.headers.get("X-Left"));
      isDry = answer.status === 204;
    }
    if (answer.status === 204) return [];
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const came = [...holder.content.children];
    for (const subject of came) lay(subject);
    const tickets = came.map((subject) => subject.dataset.ticket);
    for (const one of tickets.filter((ticket) => heardAt.get(ticket) > heardSoFar)) {
      await load({ asked: one }).catch((error) => {
        if (error.isOutdated) lose(one);
      });
    }
    return tickets;
  };

  const lay = (subject) => {
    const { ticket } = subject.dataset;
    const isShown = ticket === shown;
    const image = isShown && picked()?.dataset.pick;
    subject.hidden = !isShown;
    seen.add(ticket);
    lost.delete(ticket);
    told.set(ticket, new Map(picks(subject).map(({ dataset }) => [
      dataset.pick,
      { role: dataset.role, state: dataset.state, lapsed: dataset.lapsed === "1" },
    ])));
    const before = at(ticket);
    if (before) before.replaceWith(subject);
    else subjects.append(subject);
    stand(ticket);
    if (isShown) {
      layOver();
      const same = find(`[data-pick="${image}"]`, subject);
      if (same) pick(same);
      else pickNone();
    }
    const shownFirst = subject.querySelectorAll("[data-reference], [data-candidate]:not([hidden])");
    for (const one of shownFirst) one.decode().catch(() => {});
  };

  const fill = (asked = null) => {
    if (loading || (isDry && !asked) || ahead.length > LOADED_AHEAD) return;
    const loadMore = async () => {
      const atMost = seen.size ? LOADED_AHEAD : 1; // the first one at once
      ahead.push(...(await load({ asked, atMost })));
    };
    const fail = (error) => {
      say(error.message, "bad");
      return Boolean(asked); // without it the next ones come all the same
    };
    occupy(loadMore().then(() => true, fail));
  };

  // One thing at a time holds new tickets, or lets go of those that are not on the table.
  const occupy = (ended) => {
    loading = ended.then((goesOn) => {
      loading = null;
      if (goesOn) fill();
    });
  };

  const put = (ticket) => {
    closeReasons();
    if (shown && at(shown)) at(shown).hidden = true;
    shown = ticket;
    find("[data-end]").hidden = Boolean(ticket);
    find("[data-actions]").hidden = !ticket;
    progress();
    if (!ticket) {
      end();
      return;
    }
    const subject = at(ticket);
    subject.hidden = false;
    fit();
    layOver();
    pick(firstOpen(subject) || find("[data-pick]", subject));
  };

  const end = () => {
    let title = "Nothing more waits for review";
    if (!isDry) title = "The next SKU could not be loaded";
    else if (done.size && !countLeft()) title = "All done";
    find("[data-end-title]").textContent = title;
    find("[data-passed-over]").hidden = !isDry || !countLeft();
    find("[data-retry]").hidden = isDry;
  };

  const next = () => {
    if (!isMoving) moved = move();
  };

  const move = async () => {
    isMoving = true;
    const ticket = coming.pop() || (await firstLoaded());
    if (!ticket) await line; // the end is reached once all of it is written
    isMoving = false;
    const before = shown;
    put(ticket);
    if (before) remember(before);
    if (ticket) fill();
  };

  const firstLoaded = async () => {
    if (!ahead.length) fill(); // what failed before may work by now
    while (ahead.length || loading) {
      if (!ahead.length) await loading;
      const ticket = ahead.shift();
      if (ticket && at(ticket)) return ticket;
    }
    return null;
  };

  const remember = (ticket) => {
    if (lost.has(ticket)) forget(ticket);
    else trail.push(ticket);
    while (trail.length > SHOWN_BACK) forget(trail.shift());
  };

  const forget = (ticket) => {
    at(ticket)?.remove();
    told.delete(ticket);
  };

  const previous = () => {
    if (isMoving) return;
    const before = trail.pop();
    if (!before) {
      say("This is the first one.");
      return;
    }
    const after = shown;
    put(before);
    if (after && lost.has(after)) forget(after);
    else if (after) coming.push(after);
  };

  // With the next step, not under the reviewer's hands.
  const comeAgain = async (ticket) => {
    await moved;
    if (!at(ticket)) {
      await inLine(() => load({ asked: ticket })).catch((error) => say(error.message, "bad"));
      if (!at(ticket)) return;
    }
    if (ticket !== shown) {
      take(trail, ticket);
      if (!coming.includes(ticket)) coming.push(ticket);
      if (!shown) next();
    }
    progress();
  };

  // The SKU as it is now: what was shown of it is not so any more.
  const renew = async (ticket) => {
    const isGone = await inLine(() => load({ asked: ticket })).then(() => false, (error) => error.isOutdated);
    await moved;
    if (isGone) {
      lose(ticket);
    } else {
      await comeAgain(ticket);
    }
  };

  // It is not ours to decide any more.
  const lose = (ticket) => {
    take(trail, ticket);
    take(coming, ticket);
    lost.add(ticket);
    if (ticket !== shown) forget(ticket);
    progress();
  };

  // What was passed over comes again, once the rest is done.
  const again = () => {
    seen.clear();
    while (trail.length) forget(trail.pop());
    coming.length = 0;
    retry();
  };

  const retry = () => {
    isDry = false;
    fill();
    next();
  };

  const progress = () => {
    const bar = find("[data-progress]");
    const left = countLeft();
    bar.max = Math.max(done.size + left, 1);
    bar.value = done.size;
    const more = left >= 1000 ? "1,000 or more" : String(left);
    find("[data-progress-text]").textContent = `${done.size} done, ${more} to go`;
  };

  // Candidates

  const picks = (subject) => [...subject.querySelectorAll("[data-pick]")];
  const isOpen = ({ state, lapsed }) => state === "pending" || lapsed;
  const firstOpen = (subject) => picks(subject).find((one) => one.dataset.open === "1");
  const picked = () => find('[data-pick][aria-pressed="true"]', at(shown));

  const pick = (one) => {
    if (!one) return;
    const subject = at(shown);
    for (const other of picks(subject)) {
      const isIt = other === one;
      const id = other.dataset.pick;
      other.setAttribute("aria-pressed", String(isIt));
      find(`[data-candidate="${id}"]`, subject).hidden = !isIt;
      find(`[data-about="${id}"]`, subject).hidden = !isIt;
    }
    one.scrollIntoView({ block: "nearest", inline: "nearest" });
    find("[data-caption]", subject).textContent = one.dataset.label;
    find("[data-caption-state]", subject).textContent = find("[data-state-word]", one).textContent;
  };

  // What the next key would have hit is gone: it shall not hit another image.
  const pickNone = () => {
    closeReasons();
    const subject = at(shown);
    for (const one of picks(subject)) one.setAttribute("aria-pressed", "false");
    for (const one of subject.querySelectorAll("[data-candidate], [data-about]")) one.hidden = true;
    find("[data-caption]", subject).textContent = "";
    find("[data-caption-state]", subject).textContent = "";
    say(NOTHING_PICKED, "bad");
  };

  const step = (by) => {
    const all = picks(at(shown));
    pick(all[(all.indexOf(picked()) + by + all.length) % all.length]);
  };

  // As the server will answer: one candidate of a role is approved, the others give way.
  const foresee = (states, { image, decide }) => {
    const { role } = states.get(image);
    for (const [id, one] of states) {
      const givesWay = decide === "approve" && one.role === role && GIVES_WAY.includes(one.state);
      if (id === image) states.set(id, { role, state: DECIDED[decide], lapsed: false });
      else if (givesWay) states.set(id, { role, state: "superseded", lapsed: false });
    }
  };

  const stand = (ticket) => {
    const states = new Map(told.get(ticket));
    for (const one of onTheirWay) {
      if (one.ticket === ticket && states.has(one.image)) foresee(states, one);
    }
    for (const one of at(ticket) ? picks(at(ticket)) : []) {
      const standing = states.get(one.dataset.pick);
      one.dataset.state = standing.state;
      one.dataset.open = isOpen(standing) ? "1" : "0";
      const word = standing.lapsed ? "Photo changed" : WORDS[standing.state];
      find("[data-state-word]", one).textContent = word;
    }
    if ([...states.values()].some(isOpen)) done.delete(ticket);
    else if (states.size) done.add(ticket);
  };

  const hear = (ticket, { states, lapsed, waiting }) => {
    heardAt.set(ticket, (heard += 1));
    const known = told.get(ticket) || new Map();
    for (const [id, { role }] of known) {
      if (states[id]) known.set(id, { role, state: states[id], lapsed: lapsed.includes(Number(id)) });
    }
    stand(ticket);
    const isBusy = onTheirWay.some((one) => one.ticket === ticket);
    if (waiting && done.has(ticket) && !isBusy) renew(ticket); // more than could be shown at once
  };

  // Decisions

  const decide = (what) => {
    const one = shown && picked();
    if (!shown || isMoving) return;
    if (undosOnTheirWay) {
      say("Something is being taken back: decide when it is there.", "bad");
      return;
    }
    if (!one) {
      say(NOTHING_PICKED, "bad");
      return;
    }
    if (lost.has(shown)) {
      say("It is not yours to decide any more: go on with J.", "bad");
      return;
    }
    const subject = at(shown);
    const body = { image: Number(one.dataset.pick), sha256: one.dataset.sha256, seen: one.dataset.state };
    const decision = { ticket: shown, image: one.dataset.pick, decide: what.decide, name: subject.dataset.name };
    decision.number = made += 1;
    onTheirWay.push(decision);
    decisions.push(decision);
    stand(shown);
    say(`${one.dataset.label}: ${WORDS[DECIDED[what.decide]].toLowerCase()}.`);
    if (firstOpen(subject)) pick(firstOpen(subject));
    else next();
    inLine(async () => {
      try {
        const answer = await call(table.dataset.decide, { ...body, ...what });
        const written = await answer.json();
        decision.id = written.decision;
        take(onTheirWay, decision);
        hear(decision.ticket, written);
      } catch (error) {
        refused(decision, error);
      }
    });
  };

  const refused = (decision, error) => {
    decision.isRefused = true;
    take(onTheirWay, decision);
    take(decisions, decision);
    stand(decision.ticket);
    say(`${decision.name}: ${error.message}`, "bad");
    if (!error.isOutdated) comeAgain(decision.ticket);
    renew(decision.ticket); // it may have been written all the same
  };

  const undo = () => {
    const decision = decisions.pop();
    if (!decision) {
      say("There is nothing to take back.");
      return;
    }
    undosOnTheirWay += 1;
    say(`${decision.name}: being taken back …`);
    const takeBack = async () => {
      if (decision.isRefused) return null; // which was said
      const answer = await call(table.dataset.undo, { decision: decision.id });
      hear(decision.ticket, await answer.json());
      say(`${decision.name}: taken back.`);
      return decision.ticket;
    };
    const notTakenBack = (error) => {
      say(`${decision.name}: ${error.message}`, "bad");
      if (error.isOutdated) return;
      decisions.push(decision);
      decisions.sort((one, other) => one.number - other.number);
      renew(decision.ticket); // it may have been taken back all the same
    };
    inLine(takeBack).then((ticket) => ticket && bringBack(ticket), notTakenBack).finally(() => {
      undosOnTheirWay -= 1;
    });
  };

  // The reviewer wants to see it now.
  const bringBack = async (ticket) => {
    await comeAgain(ticket);
    await moved;
    if (ticket !== shown && take(coming, ticket)) {
      if (shown) coming.push(shown);
      put(ticket);
    }
    if (ticket === shown) pick(firstOpen(at(ticket)));
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
    table.dataset.mode = table.dataset.mode === wanted ? "" : wanted;
    for (const name of ["overlay", "difference"]) {
      const isOn = table.dataset.mode === name;
      find(`[data-do="${name}"]`).setAttribute("aria-pressed", String(isOn));
    }
    layOver();
    if (table.dataset.mode && shown && !find("[data-overlay]", at(shown))) {
      say("There is no source photo to lay over it.");
    }
  };

  const layOver = () => {
    const now = table.dataset.mode;
    for (const overlay of subjects.querySelectorAll("[data-overlay]")) overlay.hidden = !now;
    for (const mix of subjects.querySelectorAll("[data-mix]")) mix.hidden = now !== "overlay";
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
    next,
    previous,
    "zoom-in": () => zoom(1.4),
    "zoom-out": () => zoom(1 / 1.4),
    fit,
    overlay: () => mode("overlay"),
    difference: () => mode("difference"),
    ground,
    help: () => keys.showModal(),
    again,
    retry,
  };
  const byKey = {
    a: "approve", r: "reject", u: "undo", j: "next", k: "previous", "+": "zoom-in", "=": "zoom-in",
    "-": "zoom-out", 0: "fit", o: "overlay", d: "difference", b: "ground", "?": "help",
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.repeat && event.key === "Enter" && event.target.closest("button")) {
      event.preventDefault(); // would press it again
      return;
    }
    if (event.key === "Escape") {
      closeReasons();
      return;
    }
    if (event.target.matches("input, select, textarea")) return;
    if (!shown && !["u", "k", "?"].includes(event.key.toLowerCase())) return;
    if (!reasons.hidden && !event.repeat && /^[1-9]$/.test(event.key)) {
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
    if (event.repeat && DECIDING.includes(name)) return; // a key held down decides one image
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

  const hold = async () => {
    while (loading) await loading;
    const held = keepHeld();
    occupy(held.then(() => true, () => true));
    await held;
  };

  const keepHeld = async () => {
    const all = [...subjects.querySelectorAll("[data-ticket]")].map((one) => one.dataset.ticket);
    const tickets = all.filter((one) => !lost.has(one));
    const answer = await call(table.dataset.hold, { tickets: tickets.map(Number) });
    const { held } = await answer.json();
    for (const ticket of tickets) {
      if (held.includes(Number(ticket)) || done.has(ticket) || !at(ticket)) continue;
      if (ticket === shown) say(`${at(ticket).dataset.name} is in other hands by now.`, "bad");
      lose(ticket);
    }
  };
  setInterval(() => inLine(hold).catch((error) => say(error.message, "bad")), HOLD_EVERY);

  // What was looked at is given back at once; if this is lost, it is given back in minutes.
  addEventListener("pagehide", () => {
    call(table.dataset.hold, { tickets: [] }).catch(() => {});
  });

  // Closing the page does not lose what was decided last.
  addEventListener("beforeunload", (event) => {
    if (onTheirWay.length || undosOnTheirWay) event.preventDefault();
  });

  fill(table.dataset.first || null);
  next();
})();
