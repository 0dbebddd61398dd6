// Pictures: a placeholder where one cannot be loaded, a click to zoom.
(() => {
  // Errors of images do not bubble: listen on the way down.
  document.addEventListener(
    "error",
    (event) => {
      const frame = event.target.closest?.(".thumb");
      if (!frame) return;
      frame.classList.add("thumb--none");
      frame.title = "This picture could not be loaded.";
    },
    true,
  );

  const zoomed = () => {
    let dialog = document.querySelector("dialog.zoom");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.className = "zoom";
      dialog.append(document.createElement("img"));
      dialog.addEventListener("click", () => dialog.close());
      document.body.append(dialog);
    }
    return dialog;
  };

  document.addEventListener("click", (event) => {
    const frame = event.target.closest("button.thumb:not(.thumb--none)");
    if (!frame) return;
    const dialog = zoomed();
    const shown = dialog.querySelector("img");
    const small = frame.querySelector("img");
    shown.src = small.dataset.full || small.src;
    shown.alt = small.alt;
    dialog.showModal();
  });
})();
