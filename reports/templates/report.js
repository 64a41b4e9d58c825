// The report is complete without this script. It sorts and filters the table, and opens the target of a link.
const table = document.querySelector('table.rounds');
const controls = document.querySelector('.controls');
const [find, show, said] = ['input', 'select', 'output'].map((name) => controls.querySelector(name));
const rows = [...table.tBodies]
  .filter((body) => body.id !== '')
  .map((body) => {
    const [first] = body.rows;
    return { body, text: first.textContent.toLowerCase(), cells: [...first.cells].map((cell) => cell.textContent) };
  });
const collator = new Intl.Collator('en', { numeric: true });

function filter() {
  const wanted = find.value.trim().toLowerCase();
  let shown = 0;
  for (const { body, text } of rows) {
    body.hidden = !text.includes(wanted) || (show.value !== '' && !body.classList.contains(show.value));
    if (!body.hidden) shown++;
  }
  said.value = `${shown} of ${rows.length}`;
}

/** A dash (no number) comes last, in both directions. */
function compare(a, b, direction) {
  const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)];
  const isNumber = (text) => /^[\d.,]+( ms)?$/.test(text);
  if (isNumber(a) && isNumber(b)) return direction * (x - y);
  if (isNumber(a) !== isNumber(b) && (a === '–' || b === '–')) return a === '–' ? 1 : -1;
  return direction * collator.compare(a, b);
}

function sortBy(index, head) {
  const direction = head.ariaSort === 'ascending' ? -1 : 1;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
  head.ariaSort = direction === 1 ? 'ascending' : 'descending';
  rows.sort((a, b) => compare(a.cells[index], b.cells[index], direction));
  table.append(...rows.map(({ body }) => body));
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

[...table.tHead.rows[0].cells].forEach((head, index) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...head.childNodes);
  button.addEventListener('click', () => sortBy(index, head));
  head.append(button);
});
find.addEventListener('input', filter);
show.addEventListener('change', filter);
addEventListener('hashchange', openTarget);
controls.hidden = rows.length < 2;
filter();
openTarget();
