// Lists of inputs that share a name: add one more, take one away, Enter goes on to the next.
(() => {
  const add = (group) => {
    const row = group.querySelector("template").content.firstElementChild.cloneNode(true);
    group.querySelector("ul").append(row);
    row.querySelector("input").focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-adds], [data-removes]");
    if (!button) return;
    const group = button.closest("[data-repeated]");
    if (button.matches("[data-adds]")) {
      add(group);
      return;
    }
    button.closest("li").remove();
    group.querySelector("[data-adds]").focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-repeated] input")) return;
    event.preventDefault();
    if (event.target.value.trim()) add(event.target.closest("[data-repeated]"));
  });
})();
