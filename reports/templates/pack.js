// The index is complete without this script.
const table = document.querySelector('table');
const [body] = table.tBodies;
const rows = [...body.rows].map((row) => ({ row, cells: cellsOf(row) }));
if (rows.length > 1) makeSortable(table, rows, (sorted) => body.append(...sorted.map(({ row }) => row)));
