"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // English gloss
  const gloss = document.getElementById("gloss");
  gloss.addEventListener("click", () => gloss.setAttribute("aria-pressed", document.body.classList.toggle("gloss")));

  // filters: the verdict buttons hold for the whole page, a box for its own table
  const picked = new Set();
  const refresh = () => {
    all("[data-look]:not(.pick)").forEach((element) => {
      const table = element.closest("table");
      const box = table && table.parentElement.querySelector(".filter");
      const wanted = box ? box.value.trim().toLowerCase() : "";
      const missed = picked.size > 0 && !picked.has(element.dataset.look);
      element.classList.toggle("out", missed || (wanted !== "" && !element.textContent.toLowerCase().includes(wanted)));
    });
  };
  all(".pick").forEach((button) => button.addEventListener("click", () => {
    const look = button.dataset.look;
    if (!picked.delete(look)) picked.add(look);
    button.setAttribute("aria-pressed", picked.has(look));
    refresh();
  }));
  all(".filter").forEach((box) => box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    all("tbody tr:not([data-look])", box.parentElement).forEach((row) => {
      row.classList.toggle("out", wanted !== "" && !row.textContent.toLowerCase().includes(wanted));
    });
    refresh();
  }));

  // sorting: numbers in data-v before text, empty values last
  const key = (row, place) => {
    const cell = row.cells[place];
    if (cell.dataset.v === undefined) return cell.textContent.trim();
    return cell.dataset.v === "nan" ? Infinity : Number(cell.dataset.v);
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? (a < b ? -1 : a > b ? 1 : 0) : String(a).localeCompare(String(b), "zh-CN", { numeric: true }));
  const sort = (head) => {
    const table = head.closest("table");
    const down = head.getAttribute("aria-sort") === "ascending";
    all("th", table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = Array.from(table.tBodies[0].rows).map((row) => [key(row, head.cellIndex), row]);
    rows.sort((a, b) => (down ? -1 : 1) * compare(a[0], b[0]));
    table.tBodies[0].append(...rows.map((pair) => pair[1]));
  };
  all(".tools th").forEach((head) => {
    const handle = head.querySelector(".sort");
    handle.addEventListener("click", () => sort(head));
    handle.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      sort(head);
    });
  });

  // cards: a link opens the card it leads to; what is open is printed
  const open = () => {
    const card = location.hash.startsWith("#s") ? document.getElementById(location.hash.slice(1)) : null;
    if (card && card.tagName === "DETAILS") { card.open = true; card.scrollIntoView(); }
  };
  window.addEventListener("hashchange", open);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#s']");
    if (link && link.getAttribute("href") === location.hash) open();
  });
  const cards = all(".card");
  const unfold = document.getElementById("unfold");
  unfold.addEventListener("click", () => {
    const wanted = cards.some((card) => !card.open);
    cards.forEach((card) => { card.open = wanted; });
  });
  open();

  // map: drag, wheel, double click
  const map = document.getElementById("map");
  if (!map) return;
  const whole = map.viewBox.baseVal;
  const home = [whole.x, whole.y, whole.width, whole.height];
  let view = home.slice();
  const bar = document.getElementById("scale");
  const sizes = all(".size", map);
  const draw = () => {
    map.setAttribute("viewBox", view.join(" "));
    const box = map.getBoundingClientRect();
    const unit = Math.max(view[2] / box.width, view[3] / box.height);
    sizes.forEach((mark) => mark.setAttribute("transform", `scale(${unit})`));
    all(".tick", map).forEach((tick) => tick.setAttribute("font-size", 10 * unit));
    map.classList.toggle("crowded", map.dataset.sites > 40 && view[2] > home[2] / 4);
    const most = unit * map.dataset.metres * 140;
    const power = 10 ** Math.floor(Math.log10(most));
    const length = [5, 2, 1].map((factor) => factor * power).find((value) => value <= most);
    const line = document.createElement("i");
    line.style.width = `${length / (unit * map.dataset.metres)}px`;
    bar.replaceChildren(line, length >= 1000 ? `${length / 1000} km` : `${length} m`);
  };
  const spot = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  map.addEventListener("wheel", (event) => {
    event.preventDefault();
    const factor = Math.min(Math.max(view[2] * (event.deltaY > 0 ? 1.25 : 0.8), home[2] / 2000), home[2] * 3) / view[2];
    const [x, y] = spot(event);
    view = [x - (x - view[0]) * factor, y - (y - view[1]) * factor, view[2] * factor, view[3] * factor];
    draw();
  }, { passive: false });
  let from = null;
  let moved = false;
  map.addEventListener("pointerdown", (event) => { from = spot(event); moved = false; });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = spot(event);
    if (Math.hypot(x - from[0], y - from[1]) < view[2] / 300 && !moved) return;
    moved = true;
    map.classList.add("moving");
    view[0] -= x - from[0];
    view[1] -= y - from[1];
    draw();
  });
  window.addEventListener("pointerup", () => { from = null; map.classList.remove("moving"); });
  map.addEventListener("click", (event) => { if (moved) event.preventDefault(); }, true);
  map.addEventListener("dragstart", (event) => event.preventDefault());
  map.addEventListener("dblclick", () => { view = home.slice(); draw(); });
  window.addEventListener("resize", draw);
  draw();
})();
