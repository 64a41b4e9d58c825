// Sorts a table by the head that somebody presses: upwards first, then downwards. A page has it before its own script.
const collator = new Intl.Collator('en', { numeric: true });

/** The number that a cell begins with, such as "1,584" or "2.5 ms"; NaN for words. */
const numberIn = (text) => (/^[\d.,]+( ms)?$/.test(text) ? Number.parseFloat(text.replaceAll(',', '')) : Number.NaN);

/** A dash (no number) comes last, in both directions. */
function compare(a, b, direction) {
  if (a === '–' || b === '–') return Number(a === '–') - Number(b === '–');
  const [x, y] = [numberIn(a), numberIn(b)];
  return direction * (Number.isNaN(x) || Number.isNaN(y) ? collator.compare(a, b) : x - y);
}

/**
 * Turns the heads of a table into buttons.
 *
 * @param rows the texts of the cells of each row, and the row
 * @param reorder is given the rows in their new order
 */
// biome-ignore lint/correctness/noUnusedVariables: the script of the page calls it
function makeSortable(table, rows, reorder) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, index) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    button.addEventListener('click', () => {
      const direction = head.ariaSort === 'ascending' ? -1 : 1;
      for (const other of heads) other.removeAttribute('aria-sort');
      head.ariaSort = direction === 1 ? 'ascending' : 'descending';
      reorder(rows.toSorted((a, b) => compare(a.cells[index], b.cells[index], direction)));
    });
    head.append(button);
  });
}

// biome-ignore lint/correctness/noUnusedVariables: the script of the page calls it
const cellsOf = (row) => [...row.cells].map((cell) => cell.textContent.trim());
