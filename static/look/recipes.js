// The recipe editor: steps and the providers of their ladders are cards that come, go and move.
(() => {
  const form = () => document.querySelector("[data-recipe]");
  let made = 0;

  const fresh = (kind, values) => {
    const template = form().querySelector(`[data-new-${kind}]`);
    const holder = document.createElement("template");
    let html = template.innerHTML;
    for (const [name, value] of Object.entries(values)) html = html.replaceAll(name, value);
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  };

  const newToken = () => `n${Date.now().toString(36)}${(made += 1)}`;

  // Which steps there are to start from, by the names they have now.
  const renewInputs = () => {
    const steps = [...form().querySelectorAll("[data-step]")];
    const named = steps.map((step) => ({
      token: step.dataset.step,
      name: step.querySelector("[data-step-name]").value.trim() || "New step",
    }));
    for (const step of steps) {
      const select = step.querySelector("[data-inputs]");
      const chosen = select.value;
      const options = [new Option("The source photo", "")];
      for (const other of named) {
        if (other.token === step.dataset.step) continue;
        options.push(new Option(`The picture of \u201c${other.name}\u201d`, other.token));
      }
      select.replaceChildren(...options);
      select.value = options.some((option) => option.value === chosen) ? chosen : "";
      step.querySelector("[data-step-title]").textContent =
        step.querySelector("[data-step-name]").value.trim() || "New step";
    }
  };

  const changed = () => {
    renewInputs();
    form().dispatchEvent(new Event("recipe-changed"));
  };

  const actions = {
    addsStep() {
      const step = fresh("step", { __step__: newToken(), __rung__: newToken() });
      form().querySelector("[data-steps]").append(step);
      step.querySelector("[data-step-name]").focus();
    },
    addsRung(button) {
      const step = button.closest("[data-step]");
      const rung = fresh("rung", { __step__: step.dataset.step, __rung__: newToken() });
      step.querySelector("[data-rungs]").append(rung);
      rung.querySelector("select").focus();
    },
    drops(button) {
      button.closest("[data-card]").remove();
    },
    moves(button) {
      const card = button.closest("[data-card]");
      const isUp = button.dataset.moves === "up";
      const other = isUp ? card.previousElementSibling : card.nextElementSibling;
      if (!other) return;
      if (isUp) other.before(card);
      else other.after(card);
      button.focus();
    },
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-recipe] button");
    if (!button) return;
    const name = Object.keys(actions).find((each) => each in button.dataset);
    if (!name) return;
    actions[name](button);
    changed();
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-recipe] [data-step-name]")) renewInputs();
  });
})();
