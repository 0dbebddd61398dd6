// The drop zone: shows what was chosen, refuses what is too large before it is sent, offers only
// the options that the chosen processor understands, and keeps a form from being sent twice.
(() => {
  const size = (bytes) => {
    const units = ["bytes", "kB", "MB", "GB"];
    const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
    const value = bytes / 1000 ** step;
    return `${step && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[step]}`;
  };

  const describe = (input) => {
    const zone = input.closest("[data-drop]");
    const [file] = input.files;
    const tooLarge = Boolean(file) && file.size > Number(zone.dataset.maxBytes);
    const problem = tooLarge
      ? `This file has ${size(file.size)}; at most ${size(Number(zone.dataset.maxBytes))} are allowed. Split it into parts.`
      : "";
    input.setCustomValidity(problem);
    zone.classList.toggle("drop--wrong", tooLarge);
    zone.querySelector("[data-drop-name]").textContent = file ? file.name : zone.dataset.prompt;
    zone.querySelector("[data-drop-hint]").textContent =
      problem || (file ? size(file.size) : zone.dataset.hint);
  };

  const offerOptions = (form) => {
    const chosen = form.querySelector("[data-understands]:checked");
    const understood = chosen ? chosen.dataset.understands.split(" ") : [];
    form.querySelectorAll("[data-option]").forEach((row) => {
      const wanted = row.dataset.option.split(" ").some((name) => understood.includes(name));
      row.hidden = !wanted;
      row.querySelectorAll("input, select, textarea").forEach((control) => {
        control.disabled = !wanted;
      });
    });
  };

  const theZone = () => document.querySelector("form[data-upload] [data-drop]");
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  const take = (zone, files) => {
    if (files.length !== 1) {
      zone.classList.add("drop--wrong");
      zone.querySelector("[data-drop-hint]").textContent =
        "One file at a time: each is an upload of its own.";
      return;
    }
    const input = zone.querySelector("input[type=file]");
    input.files = files;
    describe(input);
  };

  // Caught on the way down and kept there: unfold's own listener fails where no text input of its
  // make stands beside the file input.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-drop] input[type=file]")) return;
    event.stopPropagation();
    describe(event.target);
  }, true);
  // The whole page takes the file: beside the zone, the browser would leave the page for it.
  document.addEventListener("dragover", (event) => {
    if (theZone() && holdsFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const zone = theZone();
    if (!zone || !holdsFiles(event)) return;
    event.preventDefault();
    take(zone, event.dataTransfer.files);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-understands]")) offerOptions(event.target.form);
  });
  for (const [type, over] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(type, (event) => {
      event.target.closest?.("[data-drop]")?.classList.toggle("drop--over", over);
    });
  }
  document.addEventListener("submit", (event) => {
    const pressed = event.submitter?.closest("[data-busy-text]");
    const button = pressed ?? event.target.querySelector("[data-busy-text]");
    if (!button) return;
    button.disabled = true;
    button.textContent = button.dataset.busyText;
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form[data-upload]").forEach(offerOptions);
  });
  // Coming back with the browser's own button brings the form as it was left: let it be sent.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
})();
