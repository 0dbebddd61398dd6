// Boxes to search in (select2) are named by what is chosen in them alone: let the label say what for.
(() => {
  const name = (container) => {
    const label = container.previousElementSibling?.labels?.[0];
    const box = container.querySelector(".select2-selection");
    const shown = box?.querySelector(".select2-selection__rendered");
    if (!label || !shown) return;
    label.id ||= `${label.htmlFor}-label`;
    box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
    shown.setAttribute("aria-labelledby", label.id);
  };
  // They come after the page has loaded, and anew where a part of it is renewed.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.matches?.(".select2-container")) name(node);
    }
  }).observe(document, { childList: true, subtree: true });
})();
