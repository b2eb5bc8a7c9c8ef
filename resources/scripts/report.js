"use strict";
const field = document.getElementById("search");
field.addEventListener("input", () => {
  const wanted = field.value.trim().toLowerCase();
  for (const group of document.querySelectorAll("details")) {
    let found = 0;
    for (const row of group.querySelectorAll(".finding")) {
      row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
      found += row.hidden ? 0 : 1;
    }
    group.hidden = found === 0;
    if (wanted !== "" && found > 0) group.open = true;
  }
});
