// The report is complete without this script. It sorts and filters the table, and opens the target of a link.
const table = document.querySelector('table.rounds');
const controls = document.querySelector('.controls');
const [find, show, said] = ['input', 'select', 'output'].map((name) => controls.querySelector(name));
const rows = [...table.tBodies]
  .filter((body) => body.id !== '')
  .map((body) => {
    const [first] = body.rows;
    return { body, text: first.textContent.toLowerCase(), cells: cellsOf(first) };
  });

function filter() {
  const wanted = find.value.trim().toLowerCase();
  let shown = 0;
  for (const { body, text } of rows) {
    body.hidden = !text.includes(wanted) || (show.value !== '' && !body.classList.contains(show.value));
    if (!body.hidden) shown++;
  }
  said.value = `${shown} of ${rows.length}`;
}

function openTarget() {
  const target = document.querySelector(':target');
  if (target === null) return;
  const body = target.closest('tbody');
  if (body?.hidden) {
    find.value = '';
    show.value = '';
    filter();
  }
  for (let at = target; at !== null; at = at.parentElement) if (at.matches('details')) at.open = true;
  const details = body?.querySelector('details');
  if (details) details.open = true;
  (body ?? target).scrollIntoView();
}

makeSortable(table, rows, (sorted) => table.append(...sorted.map(({ body }) => body)));
find.addEventListener('input', filter);
show.addEventListener('change', filter);
addEventListener('hashchange', openTarget);
controls.hidden = rows.length < 2;
filter();
openTarget();
